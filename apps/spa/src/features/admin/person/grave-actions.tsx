/** What weighs most, at the end of a person's page: a way in after losing everything, the role, the suspension. */
import type { PersonView } from '@matrixos/shared'
import { type ReactNode, useRef, useState } from 'react'
import { Button } from '../../../ui/button.tsx'
import { ACTION_WORDS } from '../people/actions.ts'
import type { AskAction } from '../people/use-people-action.tsx'
import { EnrolmentDialog } from './enrolment-dialog.tsx'
import { RoleDialog } from './role-dialog.tsx'
import { Section } from './section.tsx'

export function GraveActions({ person, ask }: { person: PersonView; ask: AskAction }) {
  const suspension = person.suspendedAt ? 'unsuspend' : 'suspend'
  return (
    <Section title="Account">
      <ul className="mt-2 divide-y divide-line">
        <Enrolment person={person} />
        <RoleChange person={person} />
        <Row
          title={person.suspendedAt ? 'Unsuspend' : 'Suspend'}
          text={person.suspendedAt ? ACTION_WORDS.unsuspend.explanation : suspensionText(person)}
        >
          <Button
            size="sm"
            variant={suspension === 'suspend' ? 'danger-quiet' : 'secondary'}
            disabled={suspension === 'suspend' && person.protected !== null}
            onClick={(event) => ask(suspension, { ids: [person.id] }, event.currentTarget)}
          >
            {ACTION_WORDS[suspension].label}…
          </Button>
        </Row>
      </ul>
    </Section>
  )
}

const suspensionText = (person: PersonView): string =>
  person.protected === null ? ACTION_WORDS.suspend.explanation : `${person.protected} It cannot be suspended.`

function Enrolment({ person }: { person: PersonView }) {
  const [isOpen, setOpen] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  return (
    <Row
      title="Enrolment link"
      text="For somebody who has lost every way to sign in. It works once, and lets them add a passkey."
    >
      <Button ref={opener} size="sm" variant="secondary" onClick={() => setOpen(true)}>
        Issue a link…
      </Button>
      {isOpen && <EnrolmentDialog person={person} opener={opener} onClose={() => setOpen(false)} />}
    </Row>
  )
}

function RoleChange({ person }: { person: PersonView }) {
  const [isOpen, setOpen] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  const isAdmin = person.role === 'admin'
  return (
    <Row
      title="Role"
      text={
        isAdmin
          ? 'An administrator: sees everybody’s accounts and changes the platform’s settings.'
          : 'A member: has a computer, and sees nobody else’s account.'
      }
    >
      <Button
        ref={opener}
        size="sm"
        variant="secondary"
        disabled={isAdmin && person.protected !== null}
        onClick={() => setOpen(true)}
      >
        {isAdmin ? 'Make a member…' : 'Make an administrator…'}
      </Button>
      {isOpen && <RoleDialog person={person} opener={opener} onClose={() => setOpen(false)} />}
    </Row>
  )
}

const Row = ({ title, text, children }: { title: string; text: string; children: ReactNode }) => (
  <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 py-4">
    <div className="min-w-0 flex-1 basis-64">
      <h3 className="font-medium">{title}</h3>
      <p className="mt-0.5 text-muted text-sm leading-6">{text}</p>
    </div>
    {children}
  </li>
)
