/** Tells the platform that this computer is at work, for as long as any of it lasts: it would be put to sleep in the middle. */
import { describeError, type Log } from '../log.ts'

const REPORT_EVERY_MS = 30_000

export function createBusy(report: (isBusy: boolean) => Promise<void>, log: Log) {
  let open = 0
  let timer: NodeJS.Timeout | undefined
  const tell = (isBusy: boolean) =>
    void report(isBusy).catch((error: unknown) => log('the platform was not told', describeError(error)))
  return {
    async during<T>(work: Promise<T>): Promise<T> {
      if (open++ === 0) {
        tell(true)
        timer = setInterval(tell, REPORT_EVERY_MS, true).unref()
      }
      try {
        return await work
      } finally {
        if (--open === 0) {
          clearInterval(timer)
          tell(false)
        }
      }
    },
    stop: () => clearInterval(timer),
  }
}
