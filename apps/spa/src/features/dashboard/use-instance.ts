/** One's own instance, live: a first look by query, then every change by subscription. */
import { skipToken } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { trpc } from '../../lib/trpc.ts'
import { useLasting } from '../../lib/use-lasting.ts'

const POLL_MS = 5000
const MAX_WAIT_MS = 15_000
/** A stream that returns within this time was never noticed to be away: the api ends each after some minutes. */
const NOTICE_MS = 4000

/** `live`: changes arrive as they happen. `reconnecting`: they did, and have stopped for longer than a moment. */
export function useInstance() {
  const utils = trpc.useUtils()
  const [failures, setFailures] = useState(0)
  const [live, setLive] = useState(false)
  // While the stream is away, asking now and then keeps the page true.
  const mine = trpc.tenants.mine.useQuery(undefined, {
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: !live,
    refetchInterval: live ? false : POLL_MS,
  })
  // Not `isSuccess`: a later question that fails takes nothing away from what is known, and makes nothing live.
  const isKnown = mine.data !== undefined
  const instanceId = mine.data?.id
  // Not before the query: an answer that was asked for earlier may not replace what the stream says.
  const watch = trpc.tenants.watch.useSubscription(instanceId ? { instanceId } : skipToken, {
    onData: ({ data }) => {
      // A stream that is refused has started as well.
      setFailures(0)
      utils.tenants.mine.setData(undefined, data)
    },
    onError: () => setFailures((count) => count + 1),
  })
  const { status, reset } = watch
  useEffect(() => setLive(status === 'pending'), [status])

  // The browser repeats a broken stream by itself. It gives up on a refused one, such as after an hour's session, and
  // on one that the api completed, as it does when somebody signs out in another tab.
  const isOver = status === 'error' || (status === 'idle' && isKnown)
  useEffect(() => {
    if (!isOver) return
    const wait = Math.min(MAX_WAIT_MS, 500 * 2 ** failures)
    const timer = setTimeout(() => void utils.auth.session.invalidate().then(reset), wait)
    return () => clearTimeout(timer)
  }, [isOver, failures, reset, utils])

  return { mine, live, reconnecting: useLasting(isKnown && !live, NOTICE_MS) }
}
