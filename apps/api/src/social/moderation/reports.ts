/** Reporting what somebody wrote: only what one sees oneself, and not one's own. */
import type { ReportInput, UserId } from '@matrixos/shared'
import type { Clock } from '../../clock.ts'
import type { CommentId, ItemId } from '../../db/schema/feed.ts'
import { AppError } from '../../errors.ts'
import type { AttemptLimit } from '../../limits/attempt-limit.ts'
import type { ModerationStore } from './store.ts'

export interface ReportsOptions {
  store: Pick<ModerationStore, 'report'>
  /** Both throw `not_found` where the viewer does not see it. */
  itemFor: (viewer: UserId, id: ItemId) => Promise<{ isMine: boolean }>
  commentFor: (viewer: UserId, id: CommentId) => Promise<{ comment: { authorId: UserId } }>
  /** Reports of one account. */
  limit: Pick<AttemptLimit, 'take'>
  clock: Pick<Clock, 'now'>
}

export type Reports = ReturnType<typeof createReports>

export const isItem = (subject: ItemId | CommentId): subject is ItemId => subject.startsWith('itm_')

export const createReports = ({ store, itemFor, commentFor, limit, clock }: ReportsOptions) => ({
  async add(reporterId: UserId, { subject, reason, note }: ReportInput): Promise<void> {
    const isMine = isItem(subject)
      ? (await itemFor(reporterId, subject)).isMine
      : (await commentFor(reporterId, subject as CommentId)).comment.authorId === reporterId
    if (isMine) throw new AppError('invalid_input', 'This is your own. You can delete it.')
    await limit.take(reporterId)
    await store.report(subject, { reporterId, reason, note, at: new Date(clock.now()) })
  },
})
