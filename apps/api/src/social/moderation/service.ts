/** What administrators see of reports, and what they decide. */
import type {
  FeedSubject,
  Id,
  ReportedPage,
  ReportedView,
  ReportsQuery,
  VerdictInput,
} from '@matrixos/shared'
import type { Caller } from '../../access/principal.ts'
import type { Audit } from '../../audit/store.ts'
import type { Clock } from '../../clock.ts'
import { timeCursor } from '../../db/time-cursor.ts'
import { AppError } from '../../errors.ts'

import type { Reported, ReportRow } from './reported.ts'
import type { ModerationStore, ReportedThing } from './store.ts'

export interface ModerationOptions {
  store: Pick<ModerationStore, 'thing' | 'decide'>
  reported: Reported
  /** Tells open pages. */
  announce: (itemId: Id<'itm'>) => void
  audit: Audit
  clock: Clock
}

export type Moderation = ReturnType<typeof createModeration>

const PAGE = 20
const ACTIONS = { hide: 'post_hidden', show: 'post_shown', dismiss: 'report_dismissed' } as const
const gone = () => new AppError('not_found', 'This is not there any more: its author deleted it for good.')

function viewOf(subject: FeedSubject, thing: ReportedThing, reports: ReportRow[]): ReportedView {
  const { handle, displayName, suspendedAt } = thing.author
  return {
    subject,
    author: { handle, displayName, isSuspended: suspendedAt !== null },
    text: thing.text,
    visibility: thing.visibility,
    at: thing.createdAt.toISOString(),
    isHidden: thing.hiddenAt !== null,
    isDeleted: thing.deletedAt !== null,
    reports: reports.map(({ reason, note, by, at }) => ({ reason, note, by, at: at.toISOString() })),
    reportCount: reports[0]?.count ?? 0,
  }
}

export function createModeration({ store, reported, announce, audit, clock }: ModerationOptions) {
  return {
    /** Throws `invalid_input` for a cursor that no page gave. */
    async list({ state, cursor }: ReportsQuery): Promise<ReportedPage> {
      const found = await reported.subjects(state, timeCursor.read(cursor), PAGE + 1)
      const subjects = found.slice(0, PAGE)
      const last = found.length > PAGE ? subjects.at(-1) : undefined
      const reports = await reported.reportsFor(subjects.map(({ subject }) => subject))
      const items: ReportedView[] = []
      for (const { subject } of subjects) {
        const thing = await store.thing(subject)
        const ofIt = reports.filter((report) => report.subject === subject)
        if (thing) items.push(viewOf(subject, thing, ofIt))
      }
      return { items, nextCursor: last ? timeCursor.write(last.at, last.subject) : null }
    },

    openCount: reported.openCount,

    async decide(caller: Caller, { subject, verdict }: VerdictInput): Promise<void> {
      const thing = await store.thing(subject)
      if (!thing) throw gone()
      const at = new Date(clock.now())
      const entry = {
        actor: caller.principal.userId,
        action: ACTIONS[verdict],
        target: thing.authorId,
        address: caller.request.address,
        detail: { subject },
      }
      const hiding = verdict === 'dismiss' ? {} : { hiddenAt: verdict === 'hide' ? at : null }
      const isThere = await store.decide(subject, { ...hiding, at }, (tx) => audit.record(entry, tx))
      if (!isThere) throw gone()
      announce(thing.itemId)
    },
  }
}
