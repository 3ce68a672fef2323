import { Type, type Static } from 'typebox'

/** Every refusal of the API, and of the command line tools in the same words. */
export const Problem = Type.Object({
  code: Type.String(),
  /** Names the field, the rule and what was found. */
  message: Type.String(),
  /** E.g. `slots[3].when.cron`. */
  path: Type.Optional(Type.String()),
  file: Type.Optional(Type.String()),
  line: Type.Optional(Type.Integer()),
})
export type Problem = Static<typeof Problem>
export const Refusal = Type.Object({ error: Type.String(), message: Type.String(), problems: Type.Optional(Type.Array(Problem)) })
export type Refusal = Static<typeof Refusal>
