/** Deleting one's computer and account: far from the other buttons, and only with the handle typed. */
import { canCommand, type InstanceView } from '@matrixos/shared'
import { getRouteApi, useLocation, useNavigate, useRouter } from '@tanstack/react-router'
import { useRef } from 'react'
import { counted } from '../../lib/figures.ts'
import { Button } from '../../ui/button.tsx'
import { DeleteDialog } from './delete-dialog.tsx'

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** The entry before this one is the same page without its dialog. */
    isDialog?: boolean
  }
}

const route = getRouteApi('/')

const fate = (graceDays: number): string =>
  graceDays > 0
    ? `Your files and your account go with it. For ${counted(graceDays, 'day', 'days')} you can take it all back.`
    : 'Your files and your account go with it, for good.'

export function DangerZone({ instance }: { instance: InstanceView }) {
  const open = route.useSearch().delete === true
  const navigate = useNavigate()
  const opener = useRef<HTMLButtonElement>(null)
  const { history } = useRouter()
  const isPushed = useLocation().state.isDialog === true
  // An entry of its own: Back closes the dialog. A link that opened it has no page below to go back to.
  function setOpen(next: boolean) {
    if (next)
      void navigate({ to: '/', search: { delete: true }, state: { isDialog: true }, resetScroll: false })
    else if (isPushed) history.back()
    else void navigate({ to: '/', search: {}, replace: true, resetScroll: false })
  }
  if (!canCommand('delete', instance)) return null
  return (
    <section
      aria-labelledby="danger"
      className="mt-8 flex flex-wrap items-center justify-between gap-5 rounded-card border border-line px-6 py-6 sm:px-8"
    >
      <div className="min-w-0 flex-1 basis-64">
        <h2 id="danger" className="font-semibold">
          Delete this computer
        </h2>
        <p className="mt-1 text-muted text-sm leading-6">{fate(instance.deletionGraceDays)}</p>
      </div>
      <Button ref={opener} variant="danger-quiet" onClick={() => setOpen(true)}>
        Delete…
      </Button>
      <DeleteDialog instance={instance} open={open} onOpenChange={setOpen} opener={opener} />
    </section>
  )
}
