import { Type, type Static } from 'typebox'

/** `/api/station`: who runs this station; `schedules/station.yaml` is its source. */
export const Station = Type.Object({
  name: Type.String(),
  strapline: Type.String(),
  zone: Type.String(),
  language: Type.String(),
  /** What the law wants in the footer. */
  owner: Type.String(),
  licence: Type.String(),
  responsible: Type.Array(Type.Object({ role: Type.String(), name: Type.String() })),
  address: Type.String(),
  telephone: Type.String(),
  email: Type.String(),
  links: Type.Array(
    Type.Object({ group: Type.String(), links: Type.Array(Type.Object({ title: Type.String(), url: Type.String() })) }),
  ),
  advertisements: Type.Array(
    Type.Object({ id: Type.String(), title: Type.String(), text: Type.String(), image: Type.String(), url: Type.String() }),
  ),
})
export type Station = Static<typeof Station>

/** `/api/stats`: the visit statistics of the public box. Calendar days are the station's. */
export const VisitStatistics = Type.Object({
  asOf: Type.Integer(),
  /** Devices with a page or player beat in the last 5 minutes; null while the count warms up. */
  online: Type.Union([Type.Integer(), Type.Null()]),
  today: Type.Integer(),
  yesterday: Type.Integer(),
  month: Type.Integer(),
  total: Type.Integer(),
  /** Epoch ms of the first counted visit. */
  since: Type.Integer(),
  /** Part of `total` that was carried over from an older site. */
  carriedOver: Type.Integer(),
})
export type VisitStatistics = Static<typeof VisitStatistics>
