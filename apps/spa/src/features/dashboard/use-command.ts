/** Waking and sleeping, as the buttons need it. */
import { toast } from 'sonner'
import { errorText, isSignedOut } from '../../lib/errors.ts'
import { type RouterOutputs, trpc } from '../../lib/trpc.ts'

/** `live`: the stream shows the result; otherwise the answer itself does. */
export function useCommands(live: boolean) {
  const utils = trpc.useUtils()
  const onSuccess = (view: RouterOutputs['tenants']['mine']) => {
    if (!live) utils.tenants.mine.setData(undefined, view)
  }
  const wake = trpc.tenants.wake.useMutation({
    onSuccess,
    onError: (error) => report(error, () => wake.mutate()),
  })
  const sleep = trpc.tenants.sleep.useMutation({
    onSuccess,
    onError: (error) => report(error, () => sleep.mutate()),
  })
  return { wake, sleep }
}

/** Who is signed out meets the message on the login page, where trying again helps nobody. */
function report(error: unknown, again: () => void) {
  const action = { label: 'Try again', onClick: again }
  toast.error(errorText(error), isSignedOut(error) ? {} : { action })
}
