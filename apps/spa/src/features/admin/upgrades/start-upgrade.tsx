/** Begins an upgrade: which image, how many computers at once, and when to give up. */
import { imageSchema } from '@matrixos/shared'
import { type FormEvent, type RefObject, useState } from 'react'
import { toast } from 'sonner'
import { countText } from '../../../lib/figures.ts'
import { trpc } from '../../../lib/trpc.ts'
import { Button } from '../../../ui/button.tsx'
import { Choice } from '../../../ui/choice.tsx'
import { Dialog, DialogActions } from '../../../ui/dialog.tsx'
import { Field } from '../../../ui/field.tsx'
import { Problem } from '../../connection/problem.tsx'

const PATIENCE = [
  { value: '0', label: 'Not at all' },
  { value: '3600', label: '1 hour' },
  { value: '43200', label: '12 hours' },
  { value: '172800', label: '2 days' },
] as const
type Patience = (typeof PATIENCE)[number]['value']

const MOST_AT_ONCE = 50
const MOST_FAILURES = 1_000

/** `null`: no number that counts. */
function numberOf(text: string, most: number): number | null {
  const number = Number(text)
  return Number.isInteger(number) && number >= 1 && number <= most ? number : null
}

export interface StartUpgradeProps {
  /** What computers have now. */
  image: string
  opener: RefObject<HTMLElement | null>
  onClose: () => void
}

export const StartUpgrade = ({ image, opener, onClose }: StartUpgradeProps) => (
  <Dialog
    open
    onOpenChange={(open) => !open && onClose()}
    opener={opener}
    title="Upgrade all computers"
    description={
      <p>
        The image is tried on its own first. A computer that is awake restarts with it, which takes a moment:
        pages wait, terminals start anew.
      </p>
    }
  >
    <UpgradeForm image={image} onClose={onClose} />
  </Dialog>
)

function UpgradeForm({ image, onClose }: Omit<StartUpgradeProps, 'opener'>) {
  const { admin } = trpc.useUtils()
  const [next, setNext] = useState('')
  const [atOnceText, setAtOnce] = useState('2')
  const [failuresText, setFailures] = useState('3')
  const [patience, setPatience] = useState<Patience>('3600')
  const start = trpc.admin.upgrades.start.useMutation({
    onSuccess: async () => {
      toast.success('The upgrade has begun.')
      onClose()
      await admin.upgrades.view.invalidate()
    },
  })
  const isImage = imageSchema.safeParse(next).success
  const atOnce = numberOf(atOnceText, MOST_AT_ONCE)
  const mostFailures = numberOf(failuresText, MOST_FAILURES)
  function submit(event: FormEvent) {
    event.preventDefault()
    if (!isImage || atOnce === null || mostFailures === null || start.isPending) return
    start.mutate({ image: next, atOnce, mostFailures, patienceS: Number(patience) })
  }
  return (
    <form onSubmit={submit} className="mt-5">
      <Field
        label="Next image"
        hint={`The server must have it already. Now: ${image}`}
        value={next}
        maxLength={255}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        error={next === '' || isImage ? undefined : 'An image, such as registry.example/computer:2.'}
        onChange={(event) => setNext(event.target.value)}
      />
      <NumberField label="Computers at once" most={MOST_AT_ONCE} text={atOnceText} onText={setAtOnce} />
      <NumberField
        label="Stop after this many failures"
        most={MOST_FAILURES}
        text={failuresText}
        onText={setFailures}
      />
      <Choice
        legend="Wait until nobody uses a computer, at most"
        options={PATIENCE}
        value={patience}
        onValue={setPatience}
      />
      <Problem error={start.error} className="mt-4" />
      <DialogActions>
        <Button variant="secondary" onClick={onClose}>
          Cancel
        </Button>
        <Button
          type="submit"
          unavailable={!isImage || atOnce === null || mostFailures === null}
          pending={start.isPending}
        >
          Upgrade
        </Button>
      </DialogActions>
    </form>
  )
}

interface NumberFieldProps {
  label: string
  most: number
  text: string
  onText: (text: string) => void
}

const NumberField = ({ label, most, text, onText }: NumberFieldProps) => (
  <Field
    label={label}
    className="mt-2"
    inputMode="numeric"
    autoComplete="off"
    value={text}
    error={numberOf(text, most) === null ? `A number from 1 to ${countText(most)}.` : undefined}
    onChange={(event) => onText(event.target.value.trim())}
  />
)
