import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { StationError } from './errors.ts'

/** What the environment may set. Read once, by `main.ts` and the command line tools. */
export type Config = {
  readonly host: string
  readonly port: number
  /** Absolute. Database, packages and everything else this program writes. */
  readonly dataDir: string
  readonly mediaDir: string
  readonly schedulesDir: string
  readonly databaseUrl?: string
  /** Where visitors reach the station, without a path; absent: as each request says. */
  readonly publicUrl?: string
  readonly ffmpegPath: string
  readonly ffprobePath: string
  /** Addresses or CIDR ranges of the proxies whose `X-Forwarded-For` is believed. */
  readonly trustProxy: readonly string[]
  readonly loudness: { readonly targetLufs: number; readonly truePeakDb: number }
  readonly packagingJobs: number
  readonly segmentCacheBytes: number
  readonly dvrSeconds: number
  readonly logLevel: LogLevel
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

type Environment = { readonly [name: string]: string | undefined }

/**
 * @param env e.g. `process.env`; an empty value counts as not set
 * @param root the folder relative paths start from
 * @throws StationError CONFIG_INVALID naming every bad setting, its rule and what was found
 */
export function configFrom(env: Environment, root: string): Config {
  const problems: string[] = []
  const read = <T>(name: string, fallback: T, parse: (text: string) => T | undefined, rule: string): T => {
    const text = env[name]?.trim()
    if (!text) return fallback
    const value = parse(text)
    if (value !== undefined) return value
    problems.push(`${name} must be ${rule}; found "${name === 'DATABASE_URL' ? withoutPassword(text) : text}".`)
    return fallback
  }
  const path = (text: string) => (text.includes('\0') ? undefined : resolve(root, text))
  const program = (text: string) => (text.startsWith('-') || text.includes('\0') ? undefined : text)

  const databaseUrl = read('DATABASE_URL', undefined, postgresUrl, 'a postgres:// or postgresql:// address')
  const publicUrl = read('PUBLIC_URL', undefined, webOrigin, 'an https:// or http:// address without a path')
  const config: Config = {
    host: read(
      'HOST',
      '0.0.0.0',
      (text) => (isIP(text) || HOST_NAME.test(text) ? text : undefined),
      'an IP address or a host name',
    ),
    port: read('PORT', 8080, whole(0, 65_535), 'a whole number from 0 to 65535 (0: any free port)'),
    dataDir: read('DATA_DIR', resolve(root, 'var'), path, 'a folder path'),
    mediaDir: read('MEDIA_DIR', resolve(root, 'media'), path, 'a folder path'),
    schedulesDir: read('SCHEDULES_DIR', resolve(root, 'schedules'), path, 'a folder path'),
    ...(databaseUrl ? { databaseUrl } : {}),
    ...(publicUrl ? { publicUrl } : {}),
    ffmpegPath: read('FFMPEG_PATH', 'ffmpeg', program, 'the path of the ffmpeg program'),
    ffprobePath: read('FFPROBE_PATH', 'ffprobe', program, 'the path of the ffprobe program'),
    trustProxy: read('TRUST_PROXY', [] as readonly string[], addressList, 'IP addresses or CIDR ranges, separated by commas'),
    loudness: {
      targetLufs: read('LOUDNESS_TARGET', -18, decimal(-40, -5), 'a loudness in LUFS from -40 to -5'),
      truePeakDb: read('TRUE_PEAK_LIMIT', -1, decimal(-9, 0), 'a level in dBTP from -9 to 0'),
    },
    packagingJobs: read('PACKAGING_JOBS', 1, whole(1, 32), 'a whole number from 1 to 32'),
    segmentCacheBytes: read('SEGMENT_CACHE_MB', 48, whole(8, 65_536), 'a whole number of megabytes from 8 to 65536') * 1_048_576,
    dvrSeconds: read('DVR_SECONDS', 7_200, whole(60, 86_400), 'a whole number of seconds from 60 to 86400'),
    logLevel: read(
      'LOG_LEVEL',
      'warn' as LogLevel,
      (text) => LOG_LEVELS.find((level) => level === text),
      `one of ${LOG_LEVELS.join(', ')}`,
    ),
  }
  if (problems.length > 0) throw new StationError('CONFIG_INVALID', problems.join('\n'))
  return config
}

const HOST_NAME = /^(?=.{1,253}$)[a-z\d]([a-z\d-]*[a-z\d])?(\.[a-z\d]([a-z\d-]*[a-z\d])?)*$/i

const whole = (least: number, most: number) => (text: string) => {
  const value = Number(text)
  return /^\d+$/.test(text) && value >= least && value <= most ? value : undefined
}

const decimal = (least: number, most: number) => (text: string) => {
  const value = Number(text)
  return /^-?\d+(\.\d+)?$/.test(text) && value >= least && value <= most ? value : undefined
}

function addressList(text: string): readonly string[] | undefined {
  const entries = text.split(',').map((entry) => entry.trim())
  return entries.every(isAddressOrRange) ? entries : undefined
}

function isAddressOrRange(entry: string): boolean {
  const [address = '', bits, ...rest] = entry.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0) return false
  return bits === undefined || (/^\d+$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
}

function postgresUrl(text: string): string | undefined {
  return URL.canParse(text) && ['postgres:', 'postgresql:'].includes(new URL(text).protocol) ? text : undefined
}

function webOrigin(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  const isPlain = url.pathname === '/' && !url.search && !url.hash && !url.username
  return isPlain && ['http:', 'https:'].includes(url.protocol) ? url.origin : undefined
}

const withoutPassword = (text: string) => text.replace(/:[^:@/]*@/, ':…@')
