/** An address that hears at 80% and at 100%, once its owner has confirmed it. */
import type { CreditsView } from '@matrixos/shared'
import { type FormEvent, useState } from 'react'
import { toast } from 'sonner'
import { errorText, problemText } from '../../lib/errors.ts'
import { trpc } from '../../lib/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Badge } from '../admin/badge.tsx'
import { SettingsSection } from '../settings/settings-section.tsx'

type Address = NonNullable<CreditsView['alertAddress']>

export const AlertEmailSection = ({ address }: { address: Address | null }) => (
  <SettingsSection
    title="Alerts by email"
    lead="One email when 80% of your credits are used, one when they are used up, and before your computer is packed away or deleted. Nothing else is ever sent."
  >
    {address ? <Known address={address} /> : <AddressForm />}
  </SettingsSection>
)

function Known({ address }: { address: Address }) {
  const { quota } = trpc.useUtils()
  const options = {
    onError: (error: unknown) => void toast.error(errorText(error)),
    onSettled: () => quota.credits.invalidate(),
  }
  const remove = trpc.quota.removeAlertAddress.useMutation({
    ...options,
    onSuccess: () => void toast.success(`No more alerts go to ${address.email}.`),
  })
  const again = trpc.quota.setAlertAddress.useMutation({
    ...options,
    onSuccess: () => void toast.success('Another link is on its way.'),
  })
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="break-all font-medium">{address.email}</span>
          <Badge tone={address.isConfirmed ? 'accent' : 'warn'}>
            {address.isConfirmed ? 'Confirmed' : 'Not confirmed yet'}
          </Badge>
        </p>
        {!address.isConfirmed && (
          <p className="mt-1 text-muted text-sm leading-6">
            Open the link that we sent there. No alerts go out before that.
          </p>
        )}
      </div>
      <div className="flex flex-wrap gap-2">
        {!address.isConfirmed && (
          <Button
            size="sm"
            variant="secondary"
            pending={again.isPending}
            onClick={() => again.mutate({ email: address.email })}
          >
            Send again
          </Button>
        )}
        <Button size="sm" variant="danger-quiet" pending={remove.isPending} onClick={() => remove.mutate()}>
          Remove
        </Button>
      </div>
    </div>
  )
}

function AddressForm() {
  const { quota } = trpc.useUtils()
  const [email, setEmail] = useState('')
  const [flaw, setFlaw] = useState<string | null>(null)
  const set = trpc.quota.setAlertAddress.useMutation({
    onSuccess: () => void toast.success('We sent you a link. Open it to confirm.'),
    onSettled: () => quota.credits.invalidate(),
  })
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    if (set.isPending) return
    const isValid = event.currentTarget.checkValidity() && email.trim() !== ''
    setFlaw(isValid ? null : 'Enter an email address, such as carla@example.com.')
    if (isValid) set.mutate({ email: email.trim() })
  }
  return (
    <form noValidate onSubmit={submit} className="flex max-w-xl flex-col gap-x-3 sm:flex-row sm:items-start">
      <Field
        className="min-w-0 flex-1"
        label="Email address"
        type="email"
        name="email"
        required
        autoComplete="email"
        maxLength={254}
        value={email}
        error={flaw ?? problemText(set.error)}
        onChange={(event) => {
          setEmail(event.target.value)
          setFlaw(null)
          if (set.error) set.reset()
        }}
      />
      <Button type="submit" variant="secondary" className="h-12 sm:mt-7" pending={set.isPending}>
        Send confirmation
      </Button>
    </form>
  )
}
