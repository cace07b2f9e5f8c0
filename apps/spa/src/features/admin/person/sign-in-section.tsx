/** How a person signs in, and where they are signed in. */
import type { PersonView, SessionMethod } from '@matrixos/shared'
import { counted } from '../../../lib/figures.ts'
import { Button } from '../../../ui/button.tsx'
import { Moment } from '../moment.tsx'
import { ACTION_WORDS } from '../people/actions.ts'
import type { PersonSectionProps } from './computer-section.tsx'
import { Nothing, Section } from './section.tsx'

const METHODS: Record<SessionMethod, string> = {
  passkey: 'Passkey',
  totp: 'Password and code',
  recovery_code: 'Recovery code',
  link: 'Link from an administrator',
}

export function SignInSection({ person, ask, now }: PersonSectionProps) {
  const { sessions } = person
  return (
    <Section
      title="Signing in"
      action={
        sessions.length > 0 && (
          <Button
            size="sm"
            variant="danger-quiet"
            onClick={(event) => ask('revokeSessions', { ids: [person.id] }, event.currentTarget)}
          >
            {ACTION_WORDS.revokeSessions.label}…
          </Button>
        )
      }
    >
      <p className="mt-3 text-sm leading-6">{methodsText(person.methods)}</p>
      {sessions.length === 0 && <Nothing>They aren’t signed in anywhere.</Nothing>}
      <ul className="mt-3 divide-y divide-line text-sm">
        {sessions.map((session) => (
          <li key={session.id} className="flex flex-wrap justify-between gap-x-6 gap-y-1 py-3 leading-6">
            <div className="min-w-0 flex-1 basis-64">
              <p className="break-words">{session.userAgent || 'Unknown device'}</p>
              <p className="text-muted">
                {METHODS[session.method]} ·{' '}
                <span className="break-all font-mono text-[0.9em]">{session.address}</span>
              </p>
            </div>
            <p className="text-muted">
              Last used <Moment iso={session.lastUsedAt} now={now} />
            </p>
          </li>
        ))}
      </ul>
    </Section>
  )
}

function methodsText({ passkeys, totp, recoveryCodes, tokens }: PersonView['methods']): string {
  return [
    counted(passkeys, 'passkey', 'passkeys'),
    totp ? 'a password with an authenticator app' : 'no password',
    `${counted(recoveryCodes, 'recovery code', 'recovery codes')} left`,
    counted(tokens, 'API token', 'API tokens'),
  ].join(', ')
}
