import { Type, type Static } from 'typebox'

/** `/api/audience`: the live counts, with the rules they are counted by. */
export const Audience = Type.Object({
  asOf: Type.Integer(),
  online: Type.Union([Type.Integer(), Type.Null()]),
  channels: Type.Record(Type.String(), Type.Union([Type.Integer(), Type.Null()])),
  rules: Type.Object({
    /** A device counts this long after its last good beat, shown or hidden. */
    leaseSeconds: Type.Integer(),
    hiddenLeaseSeconds: Type.Integer(),
    /** A device is on the site this long after its last beat. */
    onlineSeconds: Type.Integer(),
    /** More devices behind one address are not counted. */
    devicesPerAddress: Type.Integer(),
    /** A visit begins after this much silence. */
    visitIdleMinutes: Type.Integer(),
  }),
})
export type Audience = Static<typeof Audience>
