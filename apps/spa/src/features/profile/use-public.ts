/** Something that anyone may read, on a page without an account. */
import { useEffect, useState } from 'react'
import { site } from '../../lib/hosts.ts'
import { createPublicPeople } from '../../lib/public-people.ts'

type People = ReturnType<typeof createPublicPeople>
type State<Data> = { data: Data } | { error: unknown } | null

/** `key`: names what `ask` asks for. `null`: it is on its way. */
export function usePublic<Data>(
  ask: (people: People) => Promise<Data>,
  key: string,
): { state: State<Data>; retry: () => void } {
  const [state, setState] = useState<State<Data>>(null)
  const [attempt, setAttempt] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says what is asked; another attempt asks again
  useEffect(() => {
    let isCurrent = true
    const show = (next: State<Data>) => {
      if (isCurrent) setState(next)
    }
    ask(createPublicPeople(site().apiOrigin)).then(
      (data) => show({ data }),
      (error: unknown) => show({ error }),
    )
    return () => {
      isCurrent = false
    }
  }, [key, attempt])
  const retry = () => {
    setState(null)
    setAttempt((count) => count + 1)
  }
  return { state, retry }
}
