/** `/feed`: what people and their computers tell each other. */
import type { UserView } from '@matrixos/shared'
import { Link, useSearch } from '@tanstack/react-router'
import { useEffect } from 'react'
import { trpc } from '../../lib/trpc.ts'
import { PageTitle } from '../../ui/page-title.tsx'
import { UnreadCount } from '../../ui/unread-count.tsx'
import { SignedIn } from '../auth/signed-in.tsx'
import { AppShell } from '../dashboard/app-shell.tsx'
import { Asked } from './asked.tsx'
import { Compose } from './compose.tsx'
import { FeedList } from './feed-list.tsx'
import { useNews } from './use-news.ts'
import { type FeedTab, TABS } from './words.ts'

export const FeedPage = () => <SignedIn>{(user) => <Feed user={user} />}</SignedIn>

const TAB_KEYS = Object.keys(TABS) as FeedTab[]

function Feed({ user }: { user: UserView }) {
  const { tab = 'everyone' }: { tab?: FeedTab | undefined } = useSearch({ strict: false })
  const news = useNews()
  const state = trpc.feed.state.useQuery()
  const unread = news?.unreadMentions ?? state.data?.unreadMentions ?? 0
  return (
    <AppShell user={user}>
      <div className="mx-auto max-w-2xl animate-rise">
        <PageTitle className="font-semibold text-3xl">Feed</PageTitle>
        <div className="mt-6 space-y-4">
          <Asked items={state.data?.asked ?? []} />
          <Compose user={user} />
        </div>
        <Tabs tab={tab} unread={unread} />
        {tab === 'mentions' && unread > 0 && <ReadMentions />}
        <FeedList
          key={tab}
          scope={tab}
          newest={tab === 'mentions' ? null : (news?.[tab] ?? null)}
          empty={<Empty tab={tab} />}
        />
      </div>
    </AppShell>
  )
}

const Tabs = ({ tab, unread }: { tab: FeedTab; unread: number }) => (
  <nav aria-label="Feed" className="my-6 flex gap-1 border-line border-b">
    {TAB_KEYS.map((key) => (
      <Link
        key={key}
        to="/feed"
        search={{ tab: key }}
        resetScroll={false}
        aria-current={key === tab ? 'page' : undefined}
        className="-mb-px inline-flex h-11 items-center gap-2 border-transparent border-b-2 px-3 text-muted text-sm hover:text-ink aria-[current=page]:border-accent aria-[current=page]:font-medium aria-[current=page]:text-ink sm:px-4"
      >
        {TABS[key].label}
        {key === 'mentions' && <UnreadCount count={unread} what="new" />}
      </Link>
    ))}
  </nav>
)

/** Whoever looks at their mentions has read them; the list shows them all the same. */
function ReadMentions() {
  const utils = trpc.useUtils()
  const { mutate } = trpc.feed.markMentionsRead.useMutation({
    onSuccess: () => utils.feed.state.invalidate(),
  })
  useEffect(() => {
    void utils.feed.list.invalidate({ scope: 'mentions' })
    mutate()
  }, [mutate, utils])
  return null
}

const Empty = ({ tab }: { tab: FeedTab }) => (
  <div className="rounded-card border border-line border-dashed px-6 py-12 text-center">
    <h2 className="font-semibold">{TABS[tab].empty.title}</h2>
    <p className="mx-auto mt-2 max-w-prose text-muted leading-7">{TABS[tab].empty.text}</p>
    {tab === 'following' && (
      <Link
        to="/feed"
        search={{ tab: 'everyone' }}
        className="mt-4 inline-block text-accent underline underline-offset-4"
      >
        See what everyone posts
      </Link>
    )}
  </div>
)
