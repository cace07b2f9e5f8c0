/** Sets what one person may use; an empty field gives them what everybody gets. */
import { type PersonLimitsView, personLimitsSchema } from '@matrixos/shared'
import { type FormEvent, useState } from 'react'
import { toast } from 'sonner'
import { errorText } from '../../../lib/errors.ts'
import { focusField } from '../../../lib/focus-field.ts'
import { trpc } from '../../../lib/trpc.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog, DialogActions } from '../../../ui/dialog.tsx'
import { Field } from '../../../ui/field.tsx'
import { Problem } from '../../connection/problem.tsx'
import { AmountField } from '../../credits/amount-field.tsx'
import type { CreditDialogProps } from './grant-dialog.tsx'

export interface LimitsDialogProps extends CreditDialogProps {
  limits: PersonLimitsView
}

export const LimitsDialog = ({ opener, ...form }: LimitsDialogProps) => (
  <Dialog
    open
    onOpenChange={(open) => !open && form.onClose()}
    opener={opener}
    title={`Limits of ${form.handle}`}
    description="They take effect with the next call. With an empty field, they get what everybody gets."
  >
    <LimitsForm {...form} />
  </Dialog>
)

/** What was there before, to be set again. */
const inputOf = (handle: string, { credits, callsAtOnce, callsPerMinute }: PersonLimitsView) => ({
  ...{ handle, callsAtOnce, callsPerMinute },
  credits:
    credits === null ? null : credits.replace(/^(\d+(\.\d{1,2})?).*$/, '$1').replace(/^0(\.0+)?$/, '0'),
})

function useSetLimits({ handle, limits, onClose }: Omit<LimitsDialogProps, 'opener'>) {
  const { admin, client } = trpc.useUtils()
  return trpc.admin.quota.setLimits.useMutation({
    onSuccess: () => {
      onClose()
      // The dialog is gone by then: its own mutation would never answer.
      const undo = () =>
        client.admin.quota.setLimits.mutate(inputOf(handle, limits)).then(
          () => admin.quota.invalidate(),
          (error: unknown) => void toast.error(errorText(error)),
        )
      toast.success(`Limits of ${handle} are set.`, { action: { label: 'Undo', onClick: () => void undo() } })
    },
    onSettled: () => admin.quota.invalidate(),
  })
}

function LimitsForm(props: Omit<LimitsDialogProps, 'opener'>) {
  const { handle, limits, onClose } = props
  const before = inputOf(handle, limits)
  const [credits, setCredits] = useState(before.credits ?? '')
  const [atOnce, setAtOnce] = useState(String(before.callsAtOnce ?? ''))
  const [perMinute, setPerMinute] = useState(String(before.callsPerMinute ?? ''))
  const [isTried, setTried] = useState(false)
  const set = useSetLimits(props)
  const { plan } = limits
  const parsed = personLimitsSchema.safeParse({
    ...{ handle, credits: credits || null },
    ...{ callsAtOnce: numberOf(atOnce), callsPerMinute: numberOf(perMinute) },
  })
  const isWrong = (name: string) => isTried && parsed.error?.issues.some(({ path }) => path[0] === name)

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    setTried(true)
    if (!parsed.success) focusField(event.currentTarget, String(parsed.error.issues[0]?.path[0]))
    else if (!set.isPending) set.mutate(parsed.data)
  }

  const number = { inputMode: 'numeric', autoComplete: 'off', maxLength: 6 } as const
  return (
    <form noValidate onSubmit={submit} className="mt-5">
      <AmountField
        name="credits"
        label={plan.period === 'month' ? 'Credits a month' : 'Credits, once'}
        value={credits}
        onValue={setCredits}
        hint={`Everybody gets $${plan.credits}.`}
        error={isWrong('credits') ? 'An amount such as 5 or 2.50, 10,000 at most.' : undefined}
      />
      <Field
        {...number}
        className="mt-2"
        name="callsAtOnce"
        label="Calls at once"
        value={atOnce}
        hint={`Everybody gets ${plan.callsAtOnce}.`}
        error={isWrong('callsAtOnce') ? 'A whole number from 0 to 100.' : undefined}
        onChange={(event) => setAtOnce(event.target.value.trim())}
      />
      <Field
        {...number}
        className="mt-2"
        name="callsPerMinute"
        label="Calls a minute"
        value={perMinute}
        hint={`Everybody gets ${plan.callsPerMinute}.`}
        error={isWrong('callsPerMinute') ? 'A whole number from 0 to 10,000.' : undefined}
        onChange={(event) => setPerMinute(event.target.value.trim())}
      />
      <Problem error={set.error} className="mt-2" />
      <DialogActions>
        <Button variant="secondary" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" pending={set.isPending}>
          Set limits
        </Button>
      </DialogActions>
    </form>
  )
}

const numberOf = (text: string): number | null => (text === '' ? null : Number(text))
