/** Takes messages from the queue to their instances: each until it was taken, a day long. */
import { type ChannelKind, type ChannelMessage, channelMessage } from '@matrixos/shared'
import type { Clock } from '../clock.ts'
import type { HandOver } from '../errands/hand-over.ts'
import type { Log } from '../log.ts'
import type { Seal } from '../seal.ts'
import type { Queue, QueuedRow } from './queue.ts'
import type { ChannelStore } from './store.ts'

const GIVEN_UP_MS = 86_400_000

const UNREADABLE = 'A message could not be read any more, and was dropped.'
const GIVEN_UP = 'A message could not be handed over for a day, and was dropped.'

export interface DeliveriesOptions {
  queue: Pick<Queue, 'finish' | 'postpone'>
  channels: Pick<ChannelStore, 'noteDelivered' | 'noteTrouble'>
  open: Seal['open']
  handOver: HandOver
  clock: Pick<Clock, 'now'>
  log: Log
}

/** What is sealed in a queue's row: all but the id, which the row itself gives. */
export type Sealable = Omit<ChannelMessage, 'id'>

/** The same at every attempt, so that the instance knows it again. */
const messageId = (kind: ChannelKind, { id }: Pick<QueuedRow, 'id'>, channelId: string): string =>
  `${kind}-${channelId}-${id}`

export function createDeliveries({ queue, channels, open, handOver, clock, log }: DeliveriesOptions) {
  function messageOf(row: QueuedRow): ChannelMessage | null {
    const { keyVersion, iv, ciphertext, channelId } = row
    if (keyVersion === null || !iv || !ciphertext) return null
    try {
      const content = JSON.parse(open({ keyVersion, iv, ciphertext }, channelId))
      return channelMessage.parse({ ...content, id: messageId(content.channel, row, channelId) })
    } catch {
      return null
    }
  }

  async function drop(row: QueuedRow, words: string): Promise<void> {
    await channels.noteTrouble(row.channelId, words)
    await queue.finish(row)
  }

  /** One attempt. Rejects when the database is away: the lease then runs out. */
  return async function deliver(row: QueuedRow, signal: AbortSignal): Promise<void> {
    const message = messageOf(row)
    if (!message) return drop(row, UNREADABLE)
    try {
      const outcome = await handOver(row.instanceId, 'messages', message, signal)
      if (outcome.kind === 'refused') return await drop(row, outcome.words)
    } catch (error) {
      if (signal.aborted) throw error
      const isLate = clock.now() - row.receivedAt.getTime() > GIVEN_UP_MS
      log.warn(
        { err: error, channel: row.channelId, attempts: row.attempts, isLate },
        'a message was not taken',
      )
      if (isLate) return drop(row, GIVEN_UP)
      const reason = error instanceof Error ? error.message : String(error)
      await channels.noteTrouble(row.channelId, `A message waits: ${reason}`)
      return queue.postpone(row)
    }
    await queue.finish(row)
    await channels.noteDelivered(row.channelId)
  }
}
