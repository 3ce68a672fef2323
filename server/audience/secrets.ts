import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { isIPv6 } from 'node:net'
import { plusMs, type Instant } from '#core/time.ts'

/** A page's place in the count: which device, and which page of it. */
export type Session = { readonly device: string; readonly tab: string }

const LIFE_MS = 12 * 3_600_000

export type Sessions = {
  issue(device: string, at: Instant): { readonly session: Session; readonly token: string }
  /** Signs a session that came back for another while. */
  renew(session: Session, at: Instant): string
  /** Undefined when it is not ours, was changed, or is over. */
  read(token: string, at: Instant): Session | undefined
  /** What stands for a network address in memory and in snapshots: the same one gives the same, and nobody can go back. */
  maskedAddress(address: string): string
}

/** @param key secret of this station, kept over restarts so that its pages are known again */
export function createSessions(key: Buffer): Sessions {
  const signatureOf = (text: string) => createHmac('sha256', key).update(`session\n${text}`).digest('base64url').slice(0, 32)
  const sign = ({ device, tab }: Session, at: Instant): string => {
    const text = `${device}.${tab}.${plusMs(at, LIFE_MS).toString(36)}`
    return `${text}.${signatureOf(text)}`
  }
  return {
    issue(device, at) {
      const session = { device, tab: randomBytes(12).toString('base64url') }
      return { session, token: sign(session, at) }
    },
    renew: sign,
    read(token, at) {
      const [device, tab, until, signature, ...rest] = token.split('.')
      if (!device || !tab || !until || !signature || rest.length > 0) return undefined
      const expected = signatureOf(`${device}.${tab}.${until}`)
      if (signature.length !== expected.length || !timingSafeEqual(Buffer.from(signature), Buffer.from(expected)))
        return undefined
      return Number.parseInt(until, 36) > at ? { device, tab } : undefined
    },
    maskedAddress: (address) =>
      createHmac('sha256', key)
        .update(`address\n${networkOf(address)}`)
        .digest('base64url')
        .slice(0, 16),
  }
}

/** One subscriber has a whole IPv6 /64: its addresses are one. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped) return mapped
  if (!isIPv6(address)) return address
  const [head = '', tail] = (address.split('%')[0] ?? '').toLowerCase().split('::')
  const left = head.split(':').filter(Boolean)
  const right = (tail ?? '').split(':').filter(Boolean)
  const zeros = Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0')
  return [...left, ...zeros, ...right]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')
}

export const newSecret = (): string => randomBytes(32).toString('base64')

/** Tells the visitors of one day apart; without the day's salt nobody can say who they were. */
export const visitorKey = (salt: string, address: string, userAgent: string): string =>
  createHmac('sha256', salt).update(`${address}\n${userAgent}`).digest('base64url').slice(0, 16)
