/** Waking, sleeping and restarting, as the buttons need it. */
import type { InstanceView } from '@matrixos/shared'
import { toast } from 'sonner'
import { errorText, isSignedOut } from '../../lib/errors.ts'
import { type RouterOutputs, trpc } from '../../lib/trpc.ts'

/** It may come long after the click, when nobody looks for it any more. */
const REPORT_MS = 15_000

/** `live`: the stream shows the result; otherwise the answer itself does. */
export function useCommands({ id: instanceId }: Pick<InstanceView, 'id'>, live: boolean) {
  const utils = trpc.useUtils()
  const onSuccess = (view: RouterOutputs['tenants']['mine']) => {
    if (!live) utils.tenants.mine.setData(undefined, view)
  }
  const wake = trpc.tenants.wake.useMutation({
    onSuccess,
    onError: (error) => report(error, () => wake.mutate({ instanceId })),
  })
  const sleep = trpc.tenants.sleep.useMutation({
    onSuccess,
    onError: (error) => report(error, () => sleep.mutate({ instanceId })),
  })
  const restart = trpc.tenants.restart.useMutation({
    onSuccess,
    onError: (error) => report(error, () => restart.mutate({ instanceId })),
  })
  return {
    restart: { start: () => restart.mutate({ instanceId }), isPending: restart.isPending },
    wake: { start: () => wake.mutate({ instanceId }), isPending: wake.isPending },
    sleep: { start: () => sleep.mutate({ instanceId }), isPending: sleep.isPending },
  }
}

/** Who is signed out meets the message on the login page, where trying again helps nobody. */
function report(error: unknown, again: () => void) {
  const action = { label: 'Try again', onClick: again }
  toast.error(errorText(error), { duration: REPORT_MS, ...(isSignedOut(error) ? {} : { action }) })
}
