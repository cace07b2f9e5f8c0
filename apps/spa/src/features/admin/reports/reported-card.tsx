/** One thing that was reported: what it says, why, and what to do about it. */
import { REPORT_REASONS, type ReportedView, type Verdict } from '@matrixos/shared'
import { Link } from '@tanstack/react-router'
import { toast } from 'sonner'
import { errorText } from '../../../lib/errors.ts'
import { trpc } from '../../../lib/trpc.ts'
import { Button } from '../../../ui/button.tsx'
import { Glyph } from '../../dashboard/glyph.tsx'
import { Badge } from '../badge.tsx'
import { Moment } from '../moment.tsx'

const DONE: Record<Verdict, string> = {
  hide: 'Hidden.',
  show: 'Everybody who should sees it again.',
  dismiss: 'Left as it is.',
}

/** Belongs to the page: what was decided can be taken back when its card is gone. */
export function useDecide() {
  const { admin } = trpc.useUtils()
  const decide = trpc.admin.moderation.decide.useMutation({
    onSuccess: (_, { verdict, subject }) =>
      void toast.success(DONE[verdict], {
        ...(verdict === 'hide' && {
          action: { label: 'Undo', onClick: () => decide.mutate({ subject, verdict: 'show' }) },
        }),
      }),
    onError: (error) => void toast.error(errorText(error)),
    onSettled: () => admin.moderation.invalidate(),
  })
  return decide
}

export interface ReportedCardProps {
  item: ReportedView
  now: number
  decide: ReturnType<typeof useDecide>
}

export function ReportedCard({ item, now, decide }: ReportedCardProps) {
  const { author, reports, reportCount } = item
  const give = (verdict: Verdict) => decide.mutate({ subject: item.subject, verdict })
  const pendingFor = (verdict: Verdict) =>
    decide.isPending && decide.variables.subject === item.subject && decide.variables.verdict === verdict
  return (
    <article className="rounded-card border border-line bg-surface p-5 shadow-card sm:p-6">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-2 text-sm">
        <Glyph handle={author.handle} className="size-8 shrink-0" />
        <Link
          to="/admin/people/$handle"
          params={{ handle: author.handle }}
          className="font-medium text-base underline-offset-4 hover:underline"
        >
          {author.displayName}
        </Link>
        <span className="text-muted">
          @{author.handle} · {item.subject.startsWith('itm_') ? 'post' : 'comment'} ·{' '}
          <Moment iso={item.at} now={now} />
        </span>
        {author.isSuspended && <Badge tone="warn">Suspended</Badge>}
        {item.isHidden && <Badge tone="warn">Hidden</Badge>}
        {item.isDeleted && <Badge>Deleted by its author</Badge>}
      </header>
      <p className="mt-4 whitespace-pre-wrap break-words rounded-control bg-sunken px-4 py-3 leading-7 [overflow-wrap:anywhere]">
        {item.text}
      </p>
      {reports.length > 0 && (
        <ul className="mt-4 space-y-1.5 text-sm">
          {reports.map((report) => (
            <li key={report.by}>
              <span className="font-medium">{REPORT_REASONS[report.reason]}</span>
              <span className="text-muted">
                {' '}
                · @{report.by} · <Moment iso={report.at} now={now} />
              </span>
              {report.note && <span className="block break-words text-muted">“{report.note}”</span>}
            </li>
          ))}
          {reportCount > reports.length && (
            <li className="text-muted">and {reportCount - reports.length} more</li>
          )}
        </ul>
      )}
      <div className="mt-5 flex flex-wrap gap-2">
        {item.isHidden ? (
          <Button size="sm" variant="secondary" pending={pendingFor('show')} onClick={() => give('show')}>
            Show again
          </Button>
        ) : (
          <Button size="sm" pending={pendingFor('hide')} onClick={() => give('hide')}>
            Hide
          </Button>
        )}
        {reportCount > 0 && (
          <Button size="sm" variant="ghost" pending={pendingFor('dismiss')} onClick={() => give('dismiss')}>
            Leave as it is
          </Button>
        )}
      </div>
    </article>
  )
}
