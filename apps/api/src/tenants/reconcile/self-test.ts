/** Tries the walls between instances from inside, at the start and from time to time, and keeps what was found. */
import type { SelfTestView } from '@matrixos/shared'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { Runtime, SelfTestReport, SelfTestRequest } from '../../ports/runtime.ts'
import type { SharedVerdict } from './shared-verdict.ts'

/** Between two looks at whether a test is due. */
export const SELF_TEST_TICK_MS = 10_000
/** What is open keeps instances from running: the next test may find it closed. */
const AFTER_OPEN_MS = 60_000
/** Two containers each time: an image without Node will not have it a minute later. */
const AFTER_FAILURE_MS = 300_000

export interface SelfTestOptions {
  runtime: Pick<Runtime, 'selfTest' | 'foundOpen'>
  verdict: Pick<SharedVerdict, 'tell'>
  /** The image that new instances get. */
  image: () => string
  services: SelfTestRequest['services']
  /** From one test to the next where nothing is wrong; `null`: none is made. */
  intervalMs: number | null
  clock: Pick<Clock, 'now' | 'monotonic'>
  log: Log
}

export function createSelfTester(options: SelfTestOptions) {
  const { runtime, verdict, image, services, intervalMs, clock, log } = options
  let latest: SelfTestView | null = null
  let dueAt = Number.NEGATIVE_INFINITY
  let testedAt = Number.NEGATIVE_INFINITY

  /** Whoever found it open may be gone: what keeps instances from running is tried again by everybody. */
  const isDue = (interval: number): boolean =>
    clock.monotonic() >= dueAt ||
    (runtime.foundOpen() !== null && clock.monotonic() >= testedAt + Math.min(AFTER_OPEN_MS, interval))

  function note(report: SelfTestReport, at: string, interval: number): void {
    const isOpen = report.neighbour === 'open' || report.host === 'open' || report.metadata === 'open'
    if (isOpen) log.error({ report }, 'the self-test found a wall between instances open')
    else log.info({ report }, 'the self-test found the walls between instances closed')
    if (report.services === 'silent') log.warn('the AI proxy does not answer from inside an instance')
    latest = { at, report, why: null }
    dueAt = clock.monotonic() + (isOpen ? Math.min(AFTER_OPEN_MS, interval) : interval)
  }

  return {
    /** `null`: none has been made yet. */
    latest: () => latest,

    /** Makes a test where one is due. */
    async check(): Promise<void> {
      if (intervalMs === null || !isDue(intervalMs)) return
      testedAt = clock.monotonic()
      const at = new Date(clock.now()).toISOString()
      try {
        const report = await verdict.tell(() => runtime.selfTest({ image: image(), services }))
        if (report === null) dueAt = Number.POSITIVE_INFINITY
        else note(report, at, intervalMs)
      } catch (error) {
        log.warn({ err: error }, 'the self-test of isolation could not be made')
        latest = { at, report: null, why: error instanceof Error ? error.message : String(error) }
        dueAt = clock.monotonic() + Math.min(AFTER_FAILURE_MS, intervalMs)
      }
    },
  }
}
