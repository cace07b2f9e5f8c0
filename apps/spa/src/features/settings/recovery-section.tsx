/** Recovery codes: how many are left, and new ones. */
import { RECOVERY_CODES, RECOVERY_CODES_LOW, type RecoveryStatus } from '@matrixos/shared'
import { useRef, useState } from 'react'
import { errorText, problemText } from '../../lib/errors.ts'
import { timeAgo } from '../../lib/time.ts'
import { trpc } from '../../lib/trpc.ts'
import { useNow } from '../../lib/use-now.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { ConfirmRemoval } from './confirm-removal.tsx'
import { RecoveryCodes } from './recovery-codes.tsx'
import { SettingsSection } from './settings-section.tsx'

export function RecoverySection() {
  const status = trpc.auth.recovery.status.useQuery()
  return (
    <SettingsSection
      title="Recovery codes"
      lead="For the day you lose your devices. Each code signs you in once; keep them on paper or in a password manager."
    >
      <Content status={status} />
    </SettingsSection>
  )
}

interface ContentProps {
  status: { data: RecoveryStatus | undefined; error: unknown; isFetching: boolean; refetch: () => unknown }
}

function Content({ status }: ContentProps) {
  const utils = trpc.useUtils()
  const make = trpc.auth.recovery.regenerate.useMutation({
    onSuccess: () => void utils.auth.recovery.status.invalidate(),
  })
  if (make.data) return <RecoveryCodes made={make.data} onStored={make.reset} />
  if (status.data) return <State status={status.data} make={make} />
  if (!status.error) return <Skeleton className="h-16" />
  return (
    <Notice
      tone="error"
      action={
        <Button
          size="sm"
          variant="secondary"
          pending={status.isFetching}
          onClick={() => void status.refetch()}
        >
          Try again
        </Button>
      }
    >
      {errorText(status.error)}
    </Notice>
  )
}

interface StateProps {
  status: RecoveryStatus
  make: ReturnType<typeof trpc.auth.recovery.regenerate.useMutation>
}

function State({ status: { left, createdAt }, make }: StateProps) {
  const now = useNow(30_000)
  const [asking, setAsking] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  if (createdAt === null) {
    return (
      <>
        <Notice>You have none yet. Without them, a lost device can mean a lost account.</Notice>
        {problemText(make.error) && (
          <Notice tone="error" className="mt-4">
            {problemText(make.error)}
          </Notice>
        )}
        <Button className="mt-5" variant="secondary" pending={make.isPending} onClick={() => make.mutate()}>
          Create recovery codes
        </Button>
      </>
    )
  }
  return (
    <>
      {left <= RECOVERY_CODES_LOW && (
        <Notice tone="warn" className="mb-5">
          {left === 0 ? 'You have used all of them.' : `Only ${left} left.`} Create new ones before you need
          them.
        </Notice>
      )}
      <p className="leading-7">
        <span className="font-medium">
          {left} of {RECOVERY_CODES} left
        </span>
        <span className="text-muted text-sm"> · created {timeAgo(createdAt, now)}</span>
      </p>
      <Button ref={opener} className="mt-4" variant="secondary" onClick={() => setAsking(true)}>
        Create new codes…
      </Button>
      <ConfirmRemoval
        open={asking}
        onOpenChange={setAsking}
        opener={opener}
        title="Create new recovery codes?"
        description="The codes you have now stop working at once."
        confirmLabel="Create new codes"
        pending={make.isPending}
        error={make.error}
        onConfirm={() => make.mutate()}
      />
    </>
  )
}
