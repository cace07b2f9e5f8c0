/** The whole page when the api does not answer. It asks again by itself, until it is replaced by what it waits for. */
import { Unplug } from 'lucide-react'
import { useEffect, useEffectEvent, useState } from 'react'
import { errorText } from '../lib/errors.ts'
import { retryPause } from '../lib/time.ts'
import { useOnline } from '../lib/use-online.ts'
import { Button } from './button.tsx'
import { MessagePage } from './message-page.tsx'

export function Unreachable({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const [tries, setTries] = useState(0)
  const online = useOnline()
  const again = useEffectEvent(onRetry)
  useEffect(() => {
    if (!online) return
    const timer = setTimeout(() => {
      again()
      setTries((n) => n + 1)
    }, retryPause(tries))
    return () => clearTimeout(timer)
  }, [tries, online])
  return (
    <MessagePage icon={Unplug} title="No answer" actions={<Button onClick={onRetry}>Try again</Button>}>
      <p>{errorText(error)}</p>
      <p className="mt-2 text-sm">This page goes on by itself as soon as there is an answer.</p>
    </MessagePage>
  )
}
