/** Reports periodically to the api what is in flight, so that nothing goes to sleep while somebody uses it. */
import type { InFlightReport } from '@matrixos/shared'
import type { EdgeDriver } from '../driver.ts'
import type { Log } from '../log.ts'
import type { Timers } from '../timers.ts'

export interface InFlightOptions {
  read: EdgeDriver['inFlight']
  grouped: EdgeDriver['grouped']
  report: (report: InFlightReport) => Promise<unknown>
  intervalMs: number
  log: Log
  timers: Timers
}

/**
 * Nothing is reported when the counts cannot be read: none would mean that nobody is there. One report is under way
 * at a time.
 */
export function startInFlightReports(options: InFlightOptions): { close: () => void } {
  const { log, timers } = options
  let failing = false
  let closed = false
  let cancel = () => {}
  const once = async () => {
    try {
      await options.report({ counts: await options.read(), grouped: options.grouped() })
      if (failing) log.info('Reporting requests in flight again.')
      failing = false
    } catch (error) {
      if (!failing) log.warn({ reason: String(error) }, 'Failed to report requests in flight.')
      failing = true
    }
    if (!closed) cancel = timers.after(options.intervalMs, () => void once())
  }
  void once()
  return {
    close: () => {
      closed = true
      cancel()
    },
  }
}
