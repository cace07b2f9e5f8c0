/** A person's computer: its state, what happened to it, and what it printed last. */
import type { InstanceView, PersonView } from '@matrixos/shared'
import { statusWords } from '../../../lib/status.ts'
import { idleLimit } from '../../../lib/time.ts'
import { Button } from '../../../ui/button.tsx'
import { HostName } from '../../../ui/host-name.tsx'
import { FailurePanel } from '../../dashboard/failure-panel.tsx'
import { StatusBadge } from '../../dashboard/status-badge.tsx'
import { Moment } from '../moment.tsx'
import { ACTION_WORDS, actionsFor } from '../people/actions.ts'
import type { AskAction } from '../people/use-people-action.tsx'
import { LastLines } from './last-lines.tsx'
import { Nothing, Section } from './section.tsx'
import { Timeline } from './timeline.tsx'

export interface PersonSectionProps {
  person: PersonView
  ask: AskAction
  now: number
}

export function ComputerSection({ person, ask, now }: PersonSectionProps) {
  const { instance } = person
  if (!instance) {
    return (
      <Section title="Computer">
        <Nothing>They have no computer.</Nothing>
      </Section>
    )
  }
  const commands = actionsFor(person).filter(
    (action) => action === 'wakeInstance' || action === 'sleepInstance',
  )
  return (
    <Section title="Computer" action={<StatusBadge words={statusWords(instance)} />}>
      <Facts instance={instance} now={now} />
      {instance.error && (
        <FailurePanel
          className="mt-5"
          error={instance.error}
          nextAttemptAt={instance.nextAttemptAt}
          line={instance.line}
        />
      )}
      {commands.length > 0 && (
        <div className="mt-5 flex flex-wrap gap-2">
          {commands.map((action) => (
            <Button
              key={action}
              size="sm"
              variant="secondary"
              onClick={(event) => ask(action, { ids: [person.id] }, event.currentTarget)}
            >
              {ACTION_WORDS[action].label}…
            </Button>
          ))}
        </div>
      )}
      <Timeline events={person.timeline} now={now} />
      <LastLines handle={person.handle} />
    </Section>
  )
}

const Facts = ({ instance, now }: { instance: InstanceView; now: number }) => (
  <dl className="mt-5 grid gap-x-6 gap-y-4 text-sm sm:grid-cols-[2fr_1fr_1fr]">
    <div className="min-w-0">
      <dt className="text-muted">Address</dt>
      <dd className="mt-1">
        <HostName>{new URL(instance.url).host}</HostName>
      </dd>
    </div>
    <div>
      <dt className="text-muted">Last used</dt>
      <dd className="mt-1">
        <Moment iso={instance.lastUsedAt} now={now} />
      </dd>
    </div>
    <div>
      <dt className="text-muted">Sleeps</dt>
      <dd className="mt-1">
        {instance.idleLimitS === null ? 'Never by itself' : idleLimit(instance.idleLimitS)}
      </dd>
    </div>
  </dl>
)
