/** Keys of one's own, one a provider: calls on them cost no credits. */
import { AI_PROVIDERS, type AiProvider, type OwnKeyView } from '@matrixos/shared'
import { KeyRound } from 'lucide-react'
import { useRef, useState } from 'react'
import { toast } from 'sonner'
import { site } from '../../../lib/hosts.ts'
import { timeAgo } from '../../../lib/time.ts'
import { trpc } from '../../../lib/trpc.ts'
import { useNow } from '../../../lib/use-now.ts'
import { Button } from '../../../ui/button.tsx'
import { cn } from '../../../ui/cn.ts'
import { ConfirmRemoval } from '../../settings/confirm-removal.tsx'
import { SettingsSection } from '../../settings/settings-section.tsx'
import { PROVIDERS, payerWords } from '../words.ts'
import { AddKey } from './add-key.tsx'

export interface OwnKeysSectionProps {
  keys: OwnKeyView[]
  isAdding: boolean
  onAdding: (isAdding: boolean) => void
}

export function OwnKeysSection({ keys, isAdding, onAdding }: OwnKeysSectionProps) {
  const [provider, setProvider] = useState<AiProvider>('anthropic')
  const opener = useRef<HTMLElement>(null)
  const add = (chosen: AiProvider) => (event: { currentTarget: HTMLElement }) => {
    opener.current = event.currentTarget
    setProvider(chosen)
    onAdding(true)
  }
  return (
    <SettingsSection title="Your own keys" lead={payerWords(site()).keysLead}>
      <ul className="-my-4 divide-y divide-line">
        {AI_PROVIDERS.map((name) => (
          <ProviderRow
            key={name}
            provider={name}
            ownKey={keys.find((one) => one.provider === name)}
            onAdd={add(name)}
          />
        ))}
      </ul>
      {isAdding && (
        <AddKey
          provider={provider}
          onProvider={setProvider}
          opener={opener}
          onClose={() => onAdding(false)}
        />
      )}
    </SettingsSection>
  )
}

interface ProviderRowProps {
  provider: AiProvider
  ownKey: OwnKeyView | undefined
  onAdd: (event: { currentTarget: HTMLElement }) => void
}

function ProviderRow({ provider, ownKey, onAdd }: ProviderRowProps) {
  const now = useNow(60_000)
  const { name } = PROVIDERS[provider]
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-4">
      <span className="grid size-10 shrink-0 place-items-center rounded-full bg-accent-soft text-accent">
        <KeyRound aria-hidden className="size-5" />
      </span>
      <div className="min-w-0 flex-1 basis-52">
        <p className="font-medium">{name}</p>
        <p className="text-muted text-sm leading-6">
          {ownKey ? (
            <>
              Ends in <code className="text-ink">{ownKey.ending}</code> · added{' '}
              {timeAgo(ownKey.createdAt, now)}
            </>
          ) : (
            payerWords(site()).withoutKey
          )}
        </p>
        {ownKey?.refusedAt && (
          <p className="text-danger text-sm leading-6">
            {name} began to refuse this key {timeAgo(ownKey.refusedAt, now)}. Calls fail until you replace or
            remove it.
          </p>
        )}
      </div>
      <div className={cn('flex flex-wrap gap-1', ownKey && '-ml-3 sm:ml-0')}>
        <Button
          size="sm"
          variant={ownKey ? 'ghost' : 'secondary'}
          aria-label={`${ownKey ? 'Replace' : 'Add'} key for ${name}`}
          onClick={onAdd}
        >
          {ownKey ? 'Replace' : 'Add key'}
        </Button>
        {ownKey && <RemoveKey provider={provider} />}
      </div>
    </li>
  )
}

function RemoveKey({ provider }: { provider: AiProvider }) {
  const { quota } = trpc.useUtils()
  const [isAsking, setAsking] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  const { name } = PROVIDERS[provider]
  const remove = trpc.quota.removeOwnKey.useMutation({
    onSuccess: () => {
      setAsking(false)
      toast.success(`Your key for ${name} is removed.`)
    },
    onSettled: () => quota.credits.invalidate(),
  })
  return (
    <>
      <Button
        ref={opener}
        size="sm"
        variant="ghost"
        aria-label={`Remove key for ${name}`}
        onClick={() => setAsking(true)}
      >
        Remove
      </Button>
      <ConfirmRemoval
        open={isAsking}
        onOpenChange={setAsking}
        opener={opener}
        title={`Remove your key for ${name}?`}
        description={payerWords(site()).removingKey}
        pending={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate({ provider })}
      />
    </>
  )
}
