/**
 * Answers what the platform handed over, each once. What it is about to do and what is done stands in the inbox, so that
 * whoever starts after a kill goes on from there.
 *
 * - The answer: the chat answers a message of one id once, however often it is asked.
 * - Sending: Discord's first part replaces what is there, and can be repeated. The other services know no message again:
 *   before a part is sent that is noted, and after it that it was. A kill between the two leaves open whether it arrived;
 *   it is not sent twice, and the settings say so.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { describeError, type Log } from '../log.ts'
import type { Entry, Inbox } from './inbox.ts'
import type { Sender } from './sending.ts'

/** What is to be sent, and where: decided once. `null`: nothing. */
export type Decide = (entry: Entry, signal: AbortSignal) => Promise<string | null>

export interface AnsweringOptions {
  inbox: Inbox
  decide: Decide
  send: Sender
  /** Keeps this computer awake; `false`: there is nothing left to do. */
  report: (isBusy: boolean) => Promise<void>
  log: Log
}

const REPORT_EVERY_MS = 45_000
/** Within the time that the computer itself has left before it is killed. */
const STOP_WITHIN_MS = 3_000
/** After a fault that is nobody's but this computer's: the disk is full, perhaps. */
const AGAIN_MS = 30_000

/** What is answered one after the other. */
const laneOf = (entry: Entry): string =>
  entry.kind === 'run' ? 'schedules' : (entry.message?.conversation ?? '')

export function createAnswering({ inbox, decide, send, report, log }: AnsweringOptions) {
  const over = new AbortController()
  const { signal } = over
  const lanes = new Map<string, Promise<void>>()
  let open = 0
  let reporting: NodeJS.Timeout | undefined
  const tell = (isBusy: boolean) =>
    void report(isBusy).catch((error: unknown) => log('the platform was not told', describeError(error)))

  async function perform(entry: Entry): Promise<void> {
    let now = entry
    if (now.answer === null) {
      now = { ...now, answer: (await decide(now, signal)) ?? '' }
      await inbox.save(now)
    }
    now = await send(now, signal)
    if (signal.aborted) return
    const forgotten = now.kind === 'message' ? { ...now, message: null } : { ...now, run: null }
    await inbox.save({ ...forgotten, answer: '', isDone: true })
  }

  async function untilDone(entry: Entry): Promise<void> {
    while (!signal.aborted) {
      try {
        return await perform(entry)
      } catch (error) {
        if (signal.aborted) return
        log('an answer failed', { id: entry.id, ...describeError(error) })
        await delay(AGAIN_MS, undefined, { signal, ref: false }).catch(() => undefined)
      }
    }
  }

  function begin(entry: Entry): void {
    const lane = laneOf(entry)
    if (open++ === 0) {
      tell(true)
      reporting = setInterval(tell, REPORT_EVERY_MS, true).unref()
    }
    const ended = (lanes.get(lane) ?? Promise.resolve())
      .then(() => untilDone(entry))
      .finally(() => {
        if (lanes.get(lane) === ended) lanes.delete(lane)
        if (--open > 0) return
        clearInterval(reporting)
        if (!signal.aborted) tell(false)
      })
    lanes.set(lane, ended)
  }

  return {
    /** Resolves when it is safe; what was there before is not done again. */
    async take(entry: Entry): Promise<void> {
      if (await inbox.put(entry)) begin(entry)
    },

    /** Goes on with what the run before left. */
    async resume(): Promise<void> {
      for (const entry of await inbox.unfinished()) begin(entry)
    },

    async settled(): Promise<void> {
      while (lanes.size > 0) await Promise.all(lanes.values())
    },

    /** What is being sent has a moment to be noted; the rest goes on with the next start. */
    async stop(): Promise<void> {
      over.abort()
      clearInterval(reporting)
      await Promise.race([Promise.all(lanes.values()), delay(STOP_WITHIN_MS, undefined, { ref: false })])
    },
  }
}
