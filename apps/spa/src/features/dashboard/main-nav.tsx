/** From one's computer to what people tell and show each other, with what is unread there. One person alone has nobody to read. */
import { Link, type LinkProps } from '@tanstack/react-router'
import { site } from '../../lib/hosts.ts'
import { trpc } from '../../lib/trpc.ts'
import { UnreadCount } from '../../ui/unread-count.tsx'

const PLACES: { to: NonNullable<LinkProps['to']>; label: string; exact: boolean }[] = [
  { to: '/', label: 'Computer', exact: true },
  { to: '/feed', label: 'Feed', exact: false },
  { to: '/explore', label: 'Explore', exact: false },
]

export const MainNav = () =>
  site().isSingle ? null : (
    <nav aria-label="Main">
      <ul className="flex gap-1">
        {PLACES.map(({ to, label, exact }) => (
          <li key={to}>
            <Link
              to={to}
              activeOptions={{ exact }}
              className="inline-flex h-11 items-center gap-2 rounded-control px-2.5 text-muted text-sm hover:bg-sunken hover:text-ink aria-[current=page]:font-medium aria-[current=page]:text-ink sm:h-9 sm:px-3"
            >
              {label}
              {to === '/feed' && <Mentions />}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )

/** Pages but the feed's have no stream of it; a mention may be a minute old. */
const LOOK_MS = 60_000

function Mentions() {
  const state = trpc.feed.state.useQuery(undefined, { staleTime: LOOK_MS, refetchInterval: LOOK_MS })
  return <UnreadCount count={state.data?.unreadMentions ?? 0} what="new mentions" />
}
