/** The secret of a one-time link, for the page that the link leads to. */
import { useEffect, useState } from 'react'
import type { takeSecret } from './link-secret.ts'

/** Out of the address at once, so that no history keeps it; another link that is opened in this tab counts instead. */
export function useLinkSecret(secrets: ReturnType<typeof takeSecret>): string | null {
  const [secret, setSecret] = useState(secrets.read)
  useEffect(() => {
    const adopt = () => setSecret(secrets.read())
    adopt()
    addEventListener('hashchange', adopt)
    return () => removeEventListener('hashchange', adopt)
  }, [secrets])
  return secret
}
