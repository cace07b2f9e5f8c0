/** The person's passkeys, each with its name and uses, to be renamed or removed. */
import type { PasskeyView } from '@matrixos/shared'
import { KeyRound } from 'lucide-react'
import { useRef, useState } from 'react'
import { errorText } from '../../lib/errors.ts'
import { useNow } from '../../lib/use-now.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { FactorRow } from './factor-row.tsx'
import { homeOf, usesOf } from './passkey-facts.ts'
import { RemovePasskey } from './remove-passkey.tsx'
import { RenamePasskey } from './rename-passkey.tsx'
import { usePasskeys } from './use-passkeys.ts'

export function PasskeyList() {
  const passkeys = usePasskeys()
  if (passkeys.data) {
    const list = passkeys.data.passkeys
    if (list.length === 0) {
      return (
        <p className="text-muted text-sm leading-6">
          You have no passkey yet. With one you sign in by a look, a touch or your device’s PIN, and nobody
          can trick you out of it.
        </p>
      )
    }
    return (
      <ul className="-my-4 divide-y divide-line">
        {list.map((passkey) => (
          <PasskeyRow key={passkey.id} passkey={passkey} />
        ))}
      </ul>
    )
  }
  if (!passkeys.error) return <Skeleton className="h-16" />
  return (
    <Notice
      tone="error"
      title="Your passkeys could not be loaded"
      action={
        <Button
          size="sm"
          variant="secondary"
          pending={passkeys.isFetching}
          onClick={() => void passkeys.refetch()}
        >
          Try again
        </Button>
      }
    >
      {errorText(passkeys.error)}
    </Notice>
  )
}

function PasskeyRow({ passkey }: { passkey: PasskeyView }) {
  const now = useNow(30_000)
  const [open, setOpen] = useState<'rename' | 'remove' | null>(null)
  const renamer = useRef<HTMLButtonElement>(null)
  const remover = useRef<HTMLButtonElement>(null)
  const onOpenChange = (isOpen: boolean) => {
    if (!isOpen) setOpen(null)
  }
  return (
    <li>
      <FactorRow
        icon={<KeyRound aria-hidden />}
        name={passkey.name}
        facts={[homeOf(passkey), usesOf(passkey, now)]}
        actions={
          <>
            <Button
              ref={renamer}
              size="sm"
              variant="ghost"
              aria-label={`Rename ${passkey.name}`}
              onClick={() => setOpen('rename')}
            >
              Rename
            </Button>
            <Button
              ref={remover}
              size="sm"
              variant="ghost"
              aria-label={`Remove ${passkey.name}`}
              onClick={() => setOpen('remove')}
            >
              Remove
            </Button>
          </>
        }
      />
      <RenamePasskey
        passkey={passkey}
        open={open === 'rename'}
        onOpenChange={onOpenChange}
        opener={renamer}
      />
      <RemovePasskey
        passkey={passkey}
        open={open === 'remove'}
        onOpenChange={onOpenChange}
        opener={remover}
      />
    </li>
  )
}
