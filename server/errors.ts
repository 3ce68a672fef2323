/**
 * Every error the shell throws on purpose has a code from this catalogue; `docs/errors.md` explains each, and a test keeps the two
 * equal.
 */
export const ERROR_CODES = {
  CONFIG_INVALID: 'A setting has a value that breaks its rule.',
  SCHEDULE_REFUSED: 'A schedule file breaks a rule; the message names file, line and field.',
  STORE_TOO_NEW: 'The database was written by a newer version of this program.',
  STORE_UNREACHABLE: 'The database does not answer.',
  TOOL_MISSING: 'ffmpeg or ffprobe is not installed or not where the setting says.',
  MEDIA_REFUSED: 'A media file is not something that may be packaged.',
  PACKAGE_INVALID: 'A package does not meet the house format and may not air.',
  PACKAGING_STALLED: 'ffmpeg made no progress and was ended.',
  FORBIDDEN: 'Whoever asks may not do that.',
  NOT_FOUND: 'There is nothing at this address.',
  TOO_MANY_REQUESTS: 'One address asked more often than is answered.',
  BAD_REQUEST: 'The request breaks a rule; the message names the field.',
} as const
export type ErrorCode = keyof typeof ERROR_CODES

export class StationError extends Error {
  readonly code: ErrorCode
  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'StationError'
    this.code = code
  }
}
