/** The whole page when the api does not answer. It asks again by itself, until it is replaced by what it waits for. */
import { WILL_RECONNECT } from '@matrixos/shared'
import { useEffect, useEffectEvent, useState } from 'react'
import { errorText, isUnreachable } from '../../lib/errors.ts'
import { NOT_ANSWERING, OFFLINE } from '../../lib/texts.ts'
import { retryPause } from '../../lib/time.ts'
import { useOnline } from '../../lib/use-online.ts'
import { Button } from '../../ui/button.tsx'
import { MessagePage } from '../../ui/message-page.tsx'

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
    <MessagePage
      title={online ? NOT_ANSWERING : OFFLINE}
      actions={<Button onClick={onRetry}>Try again</Button>}
    >
      {!isUnreachable(error) && <p>{errorText(error)}</p>}
      <p>{WILL_RECONNECT}</p>
    </MessagePage>
  )
}
