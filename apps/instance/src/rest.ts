/**
 * Gives memory back when nobody has asked for anything for a while. V8 collects while it allocates: a computer that has
 * just packed 10,000 files and then rests would keep their garbage, 14 MB, for as long as it rests.
 */

export interface RestOptions {
  /** Milliseconds without any use after which it is time. */
  afterMs?: number
  collect?: () => Promise<void>
  /** Milliseconds that no change of the system's clock moves. */
  monotonic?: () => number
}

/** Later than this it was not due: the computer was paused meanwhile, and goes on because somebody asks for something. */
const LATE_MS = 1_000

/** The result is called at each use. What waits keeps no process alive. */
export function createRest({
  afterMs = 30_000,
  collect = collectGarbage,
  monotonic = () => performance.now(),
}: RestOptions = {}): () => void {
  let timer: NodeJS.Timeout | undefined
  let dueMs = 0
  const use = () => {
    dueMs = monotonic() + afterMs
    timer ??= setTimeout(rest, afterMs).unref()
    timer.refresh()
  }
  const rest = () => {
    if (monotonic() - dueMs > LATE_MS) use()
    else void collect()
  }
  return use
}

/** All that can be freed, and the pages that it was on; takes about 30 ms. Loaded then: a start has no use for it. */
async function collectGarbage(): Promise<void> {
  const [{ setFlagsFromString }, { runInNewContext }] = await Promise.all([
    import('node:v8'),
    import('node:vm'),
  ])
  setFlagsFromString('--expose-gc')
  const gc: unknown = runInNewContext('gc')
  // Node’s own code that is still to be loaded was compiled without this flag, and would be compiled anew with it.
  setFlagsFromString('--no-expose-gc')
  if (typeof gc === 'function') gc({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}
