/** Waking and sleeping, as the buttons need it. */
import { toast } from 'sonner'
import { errorText } from '../../lib/errors.ts'
import { type RouterOutputs, trpc } from '../../lib/trpc.ts'

/** `live`: the stream shows the result; otherwise the answer itself does. */
export function useCommands(live: boolean) {
  const utils = trpc.useUtils()
  const onSuccess = (view: RouterOutputs['tenants']['mine']) => {
    if (!live) utils.tenants.mine.setData(undefined, view)
  }
  const wake = trpc.tenants.wake.useMutation({
    onSuccess,
    onError: (error) =>
      toast.error(errorText(error), { action: { label: 'Try again', onClick: () => wake.mutate() } }),
  })
  const sleep = trpc.tenants.sleep.useMutation({
    onSuccess,
    onError: (error) =>
      toast.error(errorText(error), { action: { label: 'Try again', onClick: () => sleep.mutate() } }),
  })
  return { wake, sleep }
}
