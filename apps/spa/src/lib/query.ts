/** Query settings that all pages share. */
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { isSignedOut, isTransient } from './errors.ts'

const RETRIES = 2

/**
 * `onSignedOut`: a call was refused although the session was renewed. Not for the question who is signed in: its
 * refusal is an answer. `networkMode: always`: a call made offline fails at once and says so.
 */
export function createQueryClient(onSignedOut: (client: QueryClient) => void = () => undefined) {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        if (isSignedOut(error) && String(query.queryKey[0]) !== 'auth,session') onSignedOut(client)
      },
    }),
    mutationCache: new MutationCache({
      onError: (error) => {
        if (isSignedOut(error)) onSignedOut(client)
      },
    }),
    defaultOptions: {
      queries: {
        networkMode: 'always',
        staleTime: 5000,
        retry: (failures, error) => failures < RETRIES && isTransient(error),
        retryDelay: (failures) => 400 * 2 ** failures,
      },
      mutations: { networkMode: 'always' },
    },
  })
  return client
}
