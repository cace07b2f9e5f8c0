/** Turns the engine's errors into messages for people. */
import { AppError } from '../../../errors.ts'
import { ociRuntimeMissing } from './oci-runtimes.ts'

/** HTTP status of the engine's answer; `null` when there was none. */
export const statusOf = (error: unknown): number | null =>
  error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : null

/** The engine's own words. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

/** For the operator: owners are shown neither addresses nor commands of the server. */
const FIXES: Record<string, (host: string) => string> = {
  ENOENT: (host) => `There is no Docker Engine at ${host}. Start Docker, or set DOCKER_HOST.`,
  ECONNREFUSED: (host) => `No Docker Engine is responding at ${host}. Start Docker, or set DOCKER_HOST.`,
  EACCES: (host) =>
    `This user may not use the Docker Engine at ${host}. Add it to the "docker" group (sudo usermod -aG docker "$USER") and log in again.`,
}

/** Any failure of a call as an AppError. */
export function engineError(error: unknown, host: string): AppError {
  if (error instanceof AppError) return error
  const code = codeOf(error)
  const fix = FIXES[code === 'EPERM' ? 'EACCES' : code]
  if (fix) {
    return new AppError('engine_down', 'The server cannot reach its container engine right now.', {
      cause: new Error(fix(host), { cause: error }),
      retryAfterS: 5,
    })
  }
  const reason = reasonOf(error)
  if (/bind source path does not exist/.test(reason)) {
    return new AppError('conflict', 'The home folder of this instance is missing on the host.', {
      cause: error,
    })
  }
  const missing = /unknown (?:or invalid )?runtime(?: name:| specified)? ?(\S+)/i.exec(reason)?.[1]
  if (missing) return ociRuntimeMissing(missing, error)
  if (
    /OCI runtime create failed|failed to create (task|shim)|executable file not found|exec format/i.test(
      reason,
    )
  ) {
    return new AppError('instance_unhealthy', 'The image of this instance cannot be started.', {
      cause: error,
    })
  }
  return new AppError('engine_down', 'The Docker Engine could not complete the request.', {
    cause: error,
    retryAfterS: 5,
  })
}

/** The owner reads what it means for them; `remedy` is for the operator, who reads the log. */
export const isolationBroken = (remedy: string, cause?: unknown): AppError =>
  new AppError(
    'isolation_broken',
    'The server cannot isolate computers from each other right now, so none of them is running. Your files are safe. Yours starts again once the operator has fixed this.',
    { cause: new Error(remedy, { cause }), retryAfterS: 30 },
  )

/** Awaits a call; failures with one of these HTTP statuses count as done (`304`: already so, `404`: gone). */
export async function ignoring(statuses: readonly number[], call: Promise<unknown>): Promise<void> {
  await call.catch((error: unknown) => {
    const status = statusOf(error)
    if (status === null || !statuses.includes(status)) throw error
  })
}
