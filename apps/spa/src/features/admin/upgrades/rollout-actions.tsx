/** Stops an upgrade, or takes it back. */
import type { RolloutView } from '@matrixos/shared'
import { useRef, useState } from 'react'
import { toast } from 'sonner'
import { trpc } from '../../../lib/trpc.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog, DialogActions } from '../../../ui/dialog.tsx'
import { Problem } from '../../connection/problem.tsx'

const ASK = {
  stop: {
    button: 'Stop…',
    title: 'Stop this upgrade?',
    text: 'No other computer gets the image. Those that have it keep it; those that sleep wake with the one before.',
    keep: 'Let it go on',
    confirm: 'Stop',
    done: 'The upgrade is stopped.',
  },
  rollBack: {
    button: 'Roll back…',
    title: 'Roll this upgrade back?',
    text: 'All computers that have this image get the one before, one after the other, and so do those that were created since.',
    keep: 'Keep it',
    confirm: 'Roll back',
    done: 'Computers go back to the image before.',
  },
} as const

export const RolloutActions = ({ rollout }: { rollout: RolloutView }) => (
  <div className="flex flex-wrap gap-2">
    {rollout.canStop && <Action kind="stop" id={rollout.id} />}
    {rollout.canRollBack && <Action kind="rollBack" id={rollout.id} />}
  </div>
)

function Action({ kind, id }: { kind: keyof typeof ASK; id: number }) {
  const { admin } = trpc.useUtils()
  const [isAsking, setAsking] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  const words = ASK[kind]
  const run = trpc.admin.upgrades[kind].useMutation({
    onSuccess: async () => {
      toast.success(words.done)
      setAsking(false)
      await admin.upgrades.view.invalidate()
    },
  })
  return (
    <>
      <Button ref={opener} size="sm" variant="danger-quiet" onClick={() => setAsking(true)}>
        {words.button}
      </Button>
      {isAsking && (
        <Dialog
          open
          onOpenChange={(open) => !open && setAsking(false)}
          opener={opener}
          title={words.title}
          description={<p>{words.text}</p>}
        >
          <Problem error={run.error} className="mt-4" />
          <DialogActions>
            <Button variant="secondary" onClick={() => setAsking(false)}>
              {words.keep}
            </Button>
            <Button variant="danger" pending={run.isPending} onClick={() => run.mutate({ id })}>
              {words.confirm}
            </Button>
          </DialogActions>
        </Dialog>
      )}
    </>
  )
}
