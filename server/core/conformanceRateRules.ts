import type { MediaHistory, PlayableVariant } from './conformanceHistory.ts'
import { told, type Breach, type Rule } from './conformanceRule.ts'

/** Rules that compare what the multivariant playlist promises with the sizes of the segments that were fetched. */
export const RATE_RULES: readonly Rule[] = [
  rate('peak-over-bandwidth', 'A1.29', ({ bandwidth, peak, isLive }) => {
    const most = bandwidth * (isLive ? 1.25 : 1.1)
    return peak > most && `the peak is ${kbps(peak)}, BANDWIDTH promises ${kbps(bandwidth)}`
  }),
  rate('average-over-bandwidth', 'A1.28', ({ average, measured, measuredSeconds, isLive }) => {
    // Apple asks for the average of about an hour; a shorter look at a lively programme proves nothing.
    const isEnough = !isLive || measuredSeconds >= 3000
    return isEnough && measured > average * 1.1 && `the average is ${kbps(measured)}, AVERAGE-BANDWIDTH promises ${kbps(average)}`
  }),
  rate('bandwidth-overstated', 'A1.27', ({ bandwidth, peak, isLive, isWhole }) => {
    return !isLive && isWhole && peak < bandwidth * 0.9 && `BANDWIDTH says ${kbps(bandwidth)}, the peak is only ${kbps(peak)}`
  }),
  rate('average-overstated', 'A1.26', ({ average, measured, isLive, isWhole }) => {
    return (
      !isLive && isWhole && measured < average * 0.9 && `AVERAGE-BANDWIDTH says ${kbps(average)}, it is only ${kbps(measured)}`
    )
  }),
  rate('average-over-peak', 'RFC 8216 §4.3.4.2', ({ average, bandwidth }) => {
    return average > bandwidth && `AVERAGE-BANDWIDTH ${kbps(average)} is above BANDWIDTH ${kbps(bandwidth)}`
  }),
]

type Rates = {
  /** As promised, bits per second; NaN when the attribute is missing (another rule says so). */
  readonly bandwidth: number
  readonly average: number
  /** As measured; NaN when nothing was. */
  readonly peak: number
  readonly measured: number
  readonly measuredSeconds: number
  readonly isLive: boolean
  readonly isWhole: boolean
}

function ratesOf({ attributes, media, audio }: PlayableVariant): Rates | undefined {
  if (!media) return undefined
  const own = measuredOf(media)
  const sounds = audio.filter((one) => one.url !== media.url).map(measuredOf)
  // The heaviest playable combination (RFC 8216 §4.3.4.2).
  const heaviest = (key: 'peak' | 'average') =>
    Math.max(0, ...sounds.map((one) => one[key]).filter((value) => !Number.isNaN(value)))
  return {
    bandwidth: Number(attributes.get('BANDWIDTH') ?? Number.NaN),
    average: Number(attributes.get('AVERAGE-BANDWIDTH') ?? Number.NaN),
    peak: own.peak + heaviest('peak'),
    measured: own.average + heaviest('average'),
    measuredSeconds: own.seconds,
    isLive: media.isLive,
    isWhole: own.isWhole && sounds.every((one) => one.isWhole),
  }
}

function measuredOf({ segments, versions }: MediaHistory) {
  const target = versions.at(-1)?.playlist.targetSeconds ?? 0
  const sized = segments.map(({ listed, answer }) => ({
    seconds: listed.durationSeconds,
    // A byte range's size is not known to be the answer's.
    bits: answer && listed.byteRange === undefined ? answer.sizeBytes * 8 : Number.NaN,
  }))
  const known = sized.filter((one) => !Number.isNaN(one.bits))
  const total = (key: 'seconds' | 'bits') => known.reduce((sum, one) => sum + one[key], 0)
  return {
    peak: peakOf(sized, target),
    average: total('seconds') > 0 ? total('bits') / total('seconds') : Number.NaN,
    seconds: total('seconds'),
    isWhole: known.length === sized.length,
  }
}

/** Largest bit rate of any run of segments that lasts 0.5 to 1.5 target durations (RFC 8216 §4.1). */
function peakOf(sized: readonly { readonly seconds: number; readonly bits: number }[], target: number): number {
  let peak = Number.NaN
  for (let from = 0; from < sized.length; from += 1) {
    let [length, bits] = [0, 0]
    for (const segment of sized.slice(from)) {
      length += segment.seconds
      bits += segment.bits
      if (length > 1.5 * target || Number.isNaN(bits)) break
      if (length >= 0.5 * target) peak = Math.max(Number.isNaN(peak) ? 0 : peak, bits / length)
    }
  }
  return peak
}

const kbps = (bitsPerSecond: number) => `${Math.round(bitsPerSecond / 1000)} kbit/s`

function rate(code: string, clause: string, words: (rates: Rates) => string | false): Rule {
  return {
    code,
    clause,
    severity: 'must',
    *check({ variants, multivariant }): Generator<Breach> {
      for (const variant of variants) {
        const rates = ratesOf(variant)
        const message = rates && words(rates)
        if (multivariant) yield* told(multivariant, message && `line ${variant.line}: ${message}`)
      }
    },
  }
}
