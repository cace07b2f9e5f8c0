/** Ctrl-C, SIGTERM, a closed terminal or the death of `npm start` end the platform; a second Ctrl-C ends it at once. */
import type { Say } from './part-life.ts'
import type { Supervisor } from './supervisor.ts'

/** npm and the terminal may both deliver one Ctrl-C: what comes this soon after the first is the same one. */
const SAME_PRESS_MS = 300

/** Resolves when everything has stopped after the first of these events. The second one exits with code 130. */
export function stopOnSignals(supervisor: Supervisor, say: Say): Promise<void> {
  return new Promise((done, fail) => {
    let firstAtMs: number | null = null
    const onStop = (reason: string) => {
      if (firstAtMs === null) {
        firstAtMs = performance.now()
        say('info', `${reason}: stopping everything (press Ctrl-C again to stop at once)`)
        supervisor.stop().then(done, fail)
      } else if (performance.now() - firstAtMs > SAME_PRESS_MS && reason !== 'disconnect') {
        supervisor.killAll()
        process.exit(130)
      }
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => onStop(signal))
    process.on('disconnect', () => onStop('disconnect'))
    // Nobody reads what is printed any more (`npm start | head`).
    process.stdout.on('error', () => onStop('disconnect'))
  })
}
