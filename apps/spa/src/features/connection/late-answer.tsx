/** Beside a button that waits for an answer: after some seconds, says why nothing happens. */
import { NOT_ANSWERING, OFFLINE } from '../../lib/texts.ts'
import { useLasting } from '../../lib/use-lasting.ts'
import { useOnline } from '../../lib/use-online.ts'

const PATIENCE_MS = 5_000

export function LateAnswer({ pending }: { pending: boolean }) {
  const online = useOnline()
  const late = useLasting(pending, PATIENCE_MS)
  return (
    <p role="status" className={late ? 'mt-4 animate-fade text-muted text-sm' : 'sr-only'}>
      {late && `Still waiting. ${online ? NOT_ANSWERING : OFFLINE}.`}
    </p>
  )
}
