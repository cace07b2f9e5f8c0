/** Ends a token, after asking: nothing brings it back, and whatever uses it fails from then on. */
import type { TokenView } from '@matrixos/shared'
import { toast } from 'sonner'
import { errorCodeOf, errorText } from '../../../lib/errors.ts'
import { trpc } from '../../../lib/trpc.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog, DialogActions, type DialogProps } from '../../../ui/dialog.tsx'
import { Notice } from '../../../ui/notice.tsx'

export interface RevokeTokenProps extends Pick<DialogProps, 'open' | 'onOpenChange' | 'opener'> {
  token: TokenView
}

export function RevokeToken({ token, ...dialog }: RevokeTokenProps) {
  const utils = trpc.useUtils()
  // The row goes with its token, and what is open in it: the list is told last.
  const forget = () => {
    dialog.onOpenChange(false)
    utils.tokens.list.setData(undefined, (tokens) => tokens?.filter(({ id }) => id !== token.id))
    toast.success(`${token.name} no longer works.`)
  }
  const revoke = trpc.tokens.revoke.useMutation({
    onSuccess: forget,
    // Another tab was faster.
    onError: (error) => errorCodeOf(error) === 'not_found' && forget(),
  })
  return (
    <Dialog
      {...dialog}
      title={`Revoke ${token.name}?`}
      description="Programs that use this token stop working at once. This cannot be undone."
    >
      {revoke.error && (
        <Notice tone="error" className="mt-4">
          {errorText(revoke.error)}
        </Notice>
      )}
      <DialogActions>
        <Button variant="secondary" onClick={() => dialog.onOpenChange(false)}>
          Keep it
        </Button>
        <Button variant="danger" pending={revoke.isPending} onClick={() => revoke.mutate({ id: token.id })}>
          Revoke
        </Button>
      </DialogActions>
    </Dialog>
  )
}
