/** Reading what ffmpeg says: its progress pipe and the summaries of its measuring filters. */
export type Progress = {
  /** How far the output reaches. */
  readonly outTimeMs: number
  /** Media seconds per second; null at the start. */
  readonly speed: number | null
  readonly isEnd: boolean
}

/** The last complete report in a piece of `-progress` text; undefined when there is none. */
export function progressOf(text: string): Progress | undefined {
  const end = text.lastIndexOf('progress=')
  if (end < 0) return undefined
  const report = text.slice(0, end)
  const last = (name: string): string | undefined => [...report.matchAll(new RegExp(`^${name}=\\s*(\\S+)`, 'gm'))].at(-1)?.[1]
  const outTimeMs = Math.round(Number(last('out_time_us') ?? last('out_time_ms')) / 1000)
  const speed = Number.parseFloat(last('speed') ?? '')
  return {
    // before the first packet ffmpeg reports the lowest 64-bit number or N/A
    outTimeMs: outTimeMs > 0 ? outTimeMs : 0,
    speed: Number.isFinite(speed) && speed > 0 ? speed : null,
    isEnd: text.startsWith('progress=end', end),
  }
}

/** The summary of the `ebur128` filter. Silence has no loudness: null, as has the absence of the filter. */
export function loudnessOf(log: string): { readonly integratedLufs: number | null; readonly truePeakDb: number | null } {
  const summary = log.slice(Math.max(0, log.lastIndexOf('Summary:')))
  const number = (pattern: RegExp): number | null => {
    const value = Number.parseFloat(pattern.exec(summary)?.[1] ?? '')
    return Number.isFinite(value) ? value : null
  }
  const integratedLufs = number(/^\s*I:\s*(\S+) LUFS/m)
  // the absolute gate of EBU R128 is at -70: what is reported there is silence
  return {
    integratedLufs: integratedLufs !== null && integratedLufs > -69.5 ? integratedLufs : null,
    truePeakDb: number(/^\s*Peak:\s*(\S+) dBFS/m),
  }
}

/** Whether the `idet` filter saw interlaced pictures rather than progressive ones. It reports once for each time it was set up. */
export function isInterlacedBy(log: string): boolean {
  const reports = [...log.matchAll(/Multi frame detection: TFF:\s*(\d+) BFF:\s*(\d+) Progressive:\s*(\d+)/g)]
  const sum = (group: number): number => reports.reduce((total, report) => total + Number(report[group]), 0)
  return sum(1) + sum(2) > sum(3)
}
