/** Adds a key of one's own, or replaces it: the provider is asked whether it works before it is kept. */
import { AI_PROVIDERS, type AiProvider, ownKeySchema } from '@matrixos/shared'
import { type FormEvent, type RefObject, useState } from 'react'
import { toast } from 'sonner'
import { site } from '../../../lib/hosts.ts'
import { trpc } from '../../../lib/trpc.ts'
import { Button } from '../../../ui/button.tsx'
import { Choice } from '../../../ui/choice.tsx'
import { Dialog, DialogActions } from '../../../ui/dialog.tsx'
import { PasswordField } from '../../../ui/password-field.tsx'
import { LateAnswer } from '../../connection/late-answer.tsx'
import { Problem } from '../../connection/problem.tsx'
import { PROVIDERS, payerWords } from '../words.ts'

const OPTIONS = AI_PROVIDERS.map((value) => ({ value, label: PROVIDERS[value].name }))

export interface AddKeyProps {
  provider: AiProvider
  onProvider: (provider: AiProvider) => void
  opener: RefObject<HTMLElement | null>
  onClose: () => void
}

export const AddKey = ({ opener, ...form }: AddKeyProps) => (
  <Dialog
    open
    onOpenChange={(open) => !open && form.onClose()}
    opener={opener}
    title="Use your own key"
    description={payerWords(site()).addingKey}
  >
    <KeyForm {...form} />
  </Dialog>
)

function KeyForm({ provider, onProvider, onClose }: Omit<AddKeyProps, 'opener'>) {
  const { quota } = trpc.useUtils()
  const [key, setKey] = useState('')
  const [flaw, setFlaw] = useState<string | undefined>(undefined)
  const { name, keyHint } = PROVIDERS[provider]
  const set = trpc.quota.setOwnKey.useMutation({
    onSuccess: () => {
      onClose()
      toast.success(`Calls to ${name} go on your own key now.`)
    },
    onSettled: () => quota.credits.invalidate(),
  })
  function submit(event: FormEvent) {
    event.preventDefault()
    const parsed = ownKeySchema.safeParse({ provider, key })
    setFlaw(parsed.error?.issues[0]?.message)
    if (parsed.success && !set.isPending) set.mutate(parsed.data)
  }
  return (
    <form noValidate onSubmit={submit} className="mt-5">
      <Choice legend="Provider" options={OPTIONS} value={provider} onValue={onProvider} />
      <div className="mt-5">
        <PasswordField
          label="Key"
          name="key"
          hint={keyHint}
          error={flaw}
          value={key}
          maxLength={512}
          // No password manager should offer to keep it.
          autoComplete="off"
          onChange={(event) => {
            setKey(event.target.value)
            setFlaw(undefined)
          }}
        />
      </div>
      <Problem error={set.error} className="mt-4" />
      <LateAnswer pending={set.isPending} />
      <DialogActions>
        <Button variant="secondary" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" pending={set.isPending}>
          Check and save
        </Button>
      </DialogActions>
    </form>
  )
}
