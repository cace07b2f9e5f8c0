/** The invites that there are, newest first. */
import type { InviteView } from '@matrixos/shared'
import { useRef, useState } from 'react'
import { countText } from '../../../lib/figures.ts'
import { useNow } from '../../../lib/use-now.ts'
import { Button } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { Badge } from '../badge.tsx'
import { Moment } from '../moment.tsx'
import { RevokeInvite } from './revoke-invite.tsx'

export interface InviteListProps {
  invites: InviteView[]
  /** `null`: these are all. */
  more: { load: () => void; isPending: boolean } | null
}

export function InviteList({ invites, more }: InviteListProps) {
  const now = useNow(60_000)
  if (invites.length === 0) {
    return (
      <Card className="mt-8">
        <h2 className="font-semibold">No invites yet</h2>
        <p className="mt-2 max-w-prose text-muted text-sm leading-6">
          Create one and send its link. You choose how many people can use it, and for how long.
        </p>
      </Card>
    )
  }
  return (
    <Card className="mt-8 py-2 sm:py-3">
      <ul aria-label="Invites" className="divide-y divide-line">
        {invites.map((invite) => (
          <Invite key={invite.code} invite={invite} now={now} />
        ))}
      </ul>
      {more && (
        <Button variant="secondary" className="my-4 w-full" pending={more.isPending} onClick={more.load}>
          Show older invites
        </Button>
      )}
    </Card>
  )
}

function Invite({ invite, now }: { invite: InviteView; now: number }) {
  const [isAsking, setAsking] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  const { code, url, note, createdBy, createdAt } = invite
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 py-4">
      <div className="min-w-0 flex-1 basis-72 text-sm leading-6">
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="break-all font-medium font-mono text-base">{code}</span>
          <State invite={invite} />
        </p>
        {note && <p className="break-words">{note}</p>}
        <p className="text-muted">
          {countText(invite.uses)} of {countText(invite.maxUses)} used · created{' '}
          <Moment iso={createdAt} now={now} />
          {createdBy && ` by ${createdBy === 'server' ? 'the server' : createdBy}`}
        </p>
      </div>
      <div className="flex gap-1">
        {invite.state === 'usable' && <CopyButton text={url} label={`Copy the link of ${code}`} />}
        <Button
          ref={opener}
          size="sm"
          variant="danger-quiet"
          aria-label={`Revoke ${code}`}
          onClick={() => setAsking(true)}
        >
          Revoke…
        </Button>
      </div>
      {isAsking && <RevokeInvite invite={invite} opener={opener} onClose={() => setAsking(false)} />}
    </li>
  )
}

const day = new Intl.DateTimeFormat('en', { dateStyle: 'medium' })

function State({ invite }: { invite: InviteView }) {
  if (invite.state === 'used_up') return <Badge>Used up</Badge>
  if (invite.state === 'expired') return <Badge>Expired</Badge>
  if (invite.expiresAt === null) return <Badge tone="accent">Never expires</Badge>
  return <Badge tone="accent">Expires {day.format(new Date(invite.expiresAt))}</Badge>
}
