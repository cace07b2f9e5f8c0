/** Shown with a skeleton: after some seconds, says why nothing loads. */
import { WILL_RECONNECT } from '@matrixos/shared'
import { NOT_ANSWERING, OFFLINE } from '../../lib/texts.ts'
import { useLasting } from '../../lib/use-lasting.ts'
import { useOnline } from '../../lib/use-online.ts'

const PATIENCE_MS = 3_000

export function StillWaiting({ children }: { children: string }) {
  const online = useOnline()
  const late = useLasting(true, PATIENCE_MS)
  return (
    <p role="status" className={late ? 'mb-8 animate-fade text-muted' : 'sr-only'}>
      {late ? `${online ? NOT_ANSWERING : OFFLINE}. ${WILL_RECONNECT}` : children}
    </p>
  )
}
