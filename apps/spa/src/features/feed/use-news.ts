/** Where the lists begin now: told by the api while the page is open. */
import type { FeedNews } from '@matrixos/shared'
import { useEffect, useState } from 'react'
import { trpc } from '../../lib/trpc.ts'

const LONGEST_WAIT_MS = 30_000

/** `null`: not known yet. */
export function useNews(): FeedNews | null {
  const [news, setNews] = useState<FeedNews | null>(null)
  const [failures, setFailures] = useState(0)
  const utils = trpc.useUtils()
  const { status, reset } = trpc.feed.watch.useSubscription(
    {},
    {
      onData: ({ data }) => {
        setFailures(0)
        setNews(data)
        // The navigation counts what is unread on every page.
        const { unreadMentions } = data
        utils.feed.state.setData(undefined, (state) => state && { ...state, unreadMentions })
      },
      onError: () => setFailures((count) => count + 1),
    },
  )
  // The browser repeats a broken stream by itself, but not one that was refused or has ended.
  const isOver = status === 'error' || status === 'idle'
  useEffect(() => {
    if (!isOver) return
    const wait = Math.min(LONGEST_WAIT_MS, 1_000 * 2 ** failures)
    const timer = setTimeout(() => void utils.auth.session.invalidate().then(reset), wait)
    return () => clearTimeout(timer)
  }, [isOver, failures, reset, utils])
  return news
}
