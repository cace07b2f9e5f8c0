/** What happened to the account elsewhere and its owner has to know, on every page until it is dismissed. */
import type { NoticeView } from '@matrixos/shared'
import { Link, useLocation } from '@tanstack/react-router'
import { timeAgo } from '../../lib/time.ts'
import { trpc } from '../../lib/trpc.ts'
import { useNow } from '../../lib/use-now.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'

/** A page that stays open asks again. */
const REFETCH_MS = 60_000

const TITLES: Record<NoticeView['kind'], string> = {
  enrolment_link_issued:
    'An administrator created a link that lets its holder add a passkey to your account.',
  factor_added: 'A passkey was added to your account with a link from an administrator.',
  recovery_code_used: 'Somebody signed in with one of your recovery codes.',
  own_key_set: 'An AI key was added to your account. Your calls are paid with it.',
  own_key_removed: 'An AI key was removed from your account.',
  credits_granted: 'You got more AI credits.',
  credits_denied: 'Your request for more AI credits was denied.',
}

type NoticeKind = NoticeView['kind']

/** What is about AI leads to the credits page. */
const ABOUT_CREDITS: ReadonlySet<NoticeKind> = new Set<NoticeKind>([
  ...(['own_key_set', 'own_key_removed', 'credits_granted', 'credits_denied'] as const),
])
/** An administrator’s answer is no reason to check who is signed in. */
const ANSWERS: ReadonlySet<NoticeKind> = new Set<NoticeKind>(['credits_granted', 'credits_denied'])

export function AccountNotices() {
  const utils = trpc.useUtils()
  const notices = trpc.auth.notices.list.useQuery(undefined, { refetchInterval: REFETCH_MS })
  const dismiss = trpc.auth.notices.dismiss.useMutation({
    onSettled: () => void utils.auth.notices.list.invalidate(),
  })
  const now = useNow(30_000)
  return (
    <>
      {notices.data?.map((notice) => (
        <Notice
          key={notice.id}
          tone={ANSWERS.has(notice.kind) ? 'info' : 'warn'}
          title={TITLES[notice.kind]}
          className="mb-6"
          action={
            <>
              <WhereTo kind={notice.kind} />
              <Button
                size="sm"
                variant="ghost"
                pending={dismiss.isPending && dismiss.variables.id === notice.id}
                onClick={() => dismiss.mutate({ id: notice.id })}
              >
                Dismiss
              </Button>
            </>
          }
        >
          {whenAndWhere(notice, now)}
          {!ANSWERS.has(notice.kind) &&
            ' If you don’t recognize this, remove what isn’t yours and sign out everywhere.'}
        </Notice>
      ))}
    </>
  )
}

function WhereTo({ kind }: { kind: NoticeKind }) {
  const { pathname } = useLocation()
  const to = ABOUT_CREDITS.has(kind) ? '/settings/credits' : '/settings/security'
  // Whoever is there needs no way there.
  if (pathname === to) return null
  return (
    <Link
      to={to}
      className="inline-flex h-11 items-center rounded-control border border-line bg-surface px-3 font-medium hover:border-line-strong sm:h-9"
    >
      {ABOUT_CREDITS.has(kind) ? 'See your AI credits' : 'Check your sign-ins'}
    </Link>
  )
}

function whenAndWhere({ at, address }: NoticeView, now: number): string {
  const when = timeAgo(at, now)
  const where = address === '' ? '' : `, from ${address}`
  return `${when[0]?.toUpperCase()}${when.slice(1)}${where}.`
}
