/** One's own credits, live: a first look by query, then every change by subscription. */
import { skipToken } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { trpc } from '../../lib/trpc.ts'
import { usePageVisible } from '../../lib/use-page-visible.ts'

const POLL_MS = 5_000
const MAX_WAIT_MS = 15_000

export function useCredits() {
  const utils = trpc.useUtils()
  const isVisible = usePageVisible()
  const [failures, setFailures] = useState(0)
  const [isLive, setLive] = useState(false)
  const credits = trpc.quota.credits.useQuery(undefined, {
    // While the stream is away, asking now and then keeps the page true.
    refetchInterval: isLive ? false : POLL_MS,
  })
  const isKnown = credits.data !== undefined
  // A browser has six connections to a host over HTTP/1.1: tabs that nobody looks at leave theirs to others.
  const watch = trpc.quota.changes.useSubscription(isKnown && isVisible ? undefined : skipToken, {
    onData: ({ data }) => {
      setFailures(0)
      utils.quota.credits.setData(undefined, data)
    },
    onError: () => setFailures((count) => count + 1),
  })
  const { status, reset } = watch
  useEffect(() => setLive(status === 'pending'), [status])

  // The browser repeats a broken stream by itself, but gives up on one that was refused or completed.
  const isOver = status === 'error' || (status === 'idle' && isKnown && isVisible)
  useEffect(() => {
    if (!isOver) return
    const timer = setTimeout(
      () => void utils.auth.session.invalidate().then(reset),
      Math.min(MAX_WAIT_MS, 500 * 2 ** failures),
    )
    return () => clearTimeout(timer)
  }, [isOver, failures, reset, utils])

  return credits
}
