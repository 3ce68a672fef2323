/** One line of the benchmark: a ratio against a peer or a bound, measured in this run. */
export type Row = {
  readonly name: string
  readonly value: number
  readonly target: number
  readonly unit: string
  readonly isGood: boolean
  readonly note: string
}
