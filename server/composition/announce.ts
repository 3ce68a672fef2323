import type { PackagingJob } from '#contract/socket.ts'

/** A line for each file: what is being packaged and how far, not more often than people can read. */
export function createPackagingLines(print: (line: string) => void) {
  const shown = new Map<string, { readonly state: PackagingJob['state']; readonly atMs: number }>()
  return (job: PackagingJob): void => {
    const key = `${job.form} ${job.path}`
    const before = shown.get(key)
    const nowMs = performance.now()
    const isDue = !before || before.state !== job.state || nowMs - before.atMs >= LINE_MS
    if (!isDue || job.state === 'waiting') return
    shown.set(key, { state: job.state, atMs: nowMs })
    if (job.state === 'measuring' || job.state === 'verifying') return
    print(lineOf(job))
  }
}

const LINE_MS = 5_000
const FORMS = { tv: 'TV   ', radio: 'radio' } as const

function lineOf({ path, form, state, percent, speed, secondsLeft, reason }: PackagingJob): string {
  const what = `${FORMS[form]} ${path}`
  switch (state) {
    case 'packaging': {
      const pace = speed === null ? '' : `, ${speed.toFixed(1)}×`
      const left = secondsLeft === null ? '' : `, ${Math.ceil(secondsLeft)} s left`
      return `  packaging ${what}  ${Math.round(percent)} %${pace}${left}`
    }
    case 'ready':
      return `  ready     ${what}`
    case 'failed':
      return `  FAILED    ${what}: ${reason ?? 'no reason given'}`
    case 'cancelled':
      return `  cancelled ${what}`
    case 'waiting':
    case 'measuring':
    case 'verifying':
      return `  ${state} ${what}`
  }
}
