/** Sends an answer as server-sent events: at its pace, with its faults, and with the truth written down. */
import type { ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { Script } from '../script/schema.ts'
import type { TruthEntry } from '../truth.ts'
import { frameOf, type Step } from './step.ts'
import { cutConnection, writeBytes } from './wire.ts'

export interface StreamOptions {
  response: ServerResponse
  steps: Iterable<Step>
  script: Script
  /** Before every event, unless the script says otherwise. */
  eventDelayMs: number
  truth: TruthEntry
  /** The format's own way to say that something went wrong in mid-stream. */
  errorFrame: () => string
  /** Aborted when the client is gone. */
  gone: AbortSignal
}

/** Never rejects on a client that goes: the truth says so. */
export async function sendStream(options: StreamOptions): Promise<void> {
  try {
    await send(options)
  } catch (error) {
    if (!options.gone.aborted) throw error
    options.truth.ends('client_gone')
  }
}

async function send(options: StreamOptions): Promise<void> {
  const { response, script, truth, gone } = options
  const write = { chunkBytes: script.chunkBytes, gone }
  const delayMs = script.eventDelayMs ?? options.eventDelayMs
  const perWrite = script.eventsPerWrite ?? 1
  let waiting: string[] = []
  let sent = 0
  const flush = async () => {
    const bytes = Buffer.from(waiting.join(''))
    waiting = []
    await writeBytes(response, bytes, write)
  }

  response.flushHeaders()
  for (const step of options.steps) {
    if (sent === script.hangAfterEvents) {
      await flush()
      await delay(2 ** 31 - 1, undefined, { signal: gone, ref: false })
    }
    if (sent === script.cutAfterEvents) {
      await flush()
      const half = Buffer.from(frameOf(step))
      truth.ends('cut')
      return cutConnection(response, half.subarray(0, half.length / 2))
    }
    if (sent === script.errorAfterEvents) {
      waiting.push(options.errorFrame())
      await flush()
      return end(response, truth, 'error_event')
    }
    if (delayMs > 0) await delay(delayMs, undefined, { signal: gone })
    // What is said after an error is what was reported before; until then, what was generated counts.
    if (script.errorAfterEvents === undefined || step.reports) truth.bills(step.used)
    waiting.push(frameOf(step))
    sent += 1
    if (waiting.length >= perWrite) await flush()
  }
  await flush()
  end(response, truth, 'complete')
}

function end(response: ServerResponse, truth: TruthEntry, ending: 'complete' | 'error_event'): void {
  response.once('finish', () => truth.ends(ending))
  response.once('close', () => truth.ends('client_gone'))
  response.end()
}
