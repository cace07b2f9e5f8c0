/** Who may sign up now, as far as this page knows. The api has the last word. */
import type { SignUpMode } from '@matrixos/shared'
import { errorCodeOf } from '../../lib/errors.ts'
import { trpc } from '../../lib/trpc.ts'

/** `null`: not known yet. Without an answer the form is shown, and the api says what it takes. */
export function useSignUpMode(): SignUpMode | null {
  const stats = trpc.stats.public.useQuery(undefined, { staleTime: 10_000, retry: false })
  return stats.data?.signUp ?? (stats.isPending ? null : 'open')
}

const CODES: ReadonlySet<string> = new Set(['sign_up_closed', 'invite_required'])

/** Call it with what refused a sign-up: where the mode was switched meanwhile, the page follows. */
export function useModeCheck(): (error: unknown) => void {
  const utils = trpc.useUtils()
  return (error) => {
    if (CODES.has(errorCodeOf(error) ?? '')) void utils.stats.public.invalidate()
  }
}
