/** A person's computer: its address, its state, and what can be done with it. */
import { canCommand, canRestart, type InstanceView, isLeaving, STEPS, stepProgress } from '@matrixos/shared'
import { ArrowUpRight, Moon, RotateCw, Sun } from 'lucide-react'
import { Fragment } from 'react'
import { statusWords } from '../../lib/status.ts'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { DotProgress } from '../../ui/dot-progress.tsx'
import { LateAnswer } from '../connection/late-answer.tsx'
import { FailurePanel } from './failure-panel.tsx'
import { InstanceFacts } from './instance-facts.tsx'
import { StatusBadge } from './status-badge.tsx'
import { useCommands } from './use-command.ts'

export interface InstanceCardProps {
  instance: InstanceView
  live: boolean
  reconnecting: boolean
}

export function InstanceCard({ instance, live, reconnecting }: InstanceCardProps) {
  const words = statusWords(instance, reconnecting)
  const failing = instance.error !== null && instance.observed !== 'running'
  const gone = instance.observed === 'gone' || isLeaving(instance.desired)
  // What has run keeps the last step of its start, also while it falls asleep.
  const isOnItsWay = instance.observed !== 'running' && instance.observed !== 'paused'
  const labels = new URL(instance.url).host.split('.')
  return (
    <Card aria-labelledby="instance" className="mt-8">
      <div className="flex flex-wrap items-center gap-3">
        <StatusBadge words={words} />
      </div>
      <h2
        id="instance"
        className="mt-5 font-mono wrap-anywhere font-medium text-2xl tracking-tight sm:text-3xl"
      >
        {labels.map((label, index) => (
          <Fragment key={labels.slice(0, index + 1).join('.')}>
            {index > 0 && (
              <>
                <wbr />.
              </>
            )}
            {label}
          </Fragment>
        ))}
      </h2>
      <p className="mt-2 min-h-14 text-muted leading-7 sm:min-h-7">{words.detail}</p>
      {words.tone === 'busy' && isOnItsWay && instance.step && !failing && !reconnecting && (
        <div className="mt-6 max-w-md">
          <DotProgress value={stepProgress(instance.step)} label="Progress" />
          <p aria-live="polite" className="mt-3 text-sm">
            {STEPS[instance.step]}
          </p>
        </div>
      )}
      {instance.error && failing && (
        <FailurePanel
          error={instance.error}
          nextAttemptAt={instance.nextAttemptAt}
          line={instance.line}
          isRetrying={instance.observed !== 'failed'}
          className="mt-6"
        />
      )}
      {!gone && (
        <Actions
          instance={instance}
          live={live}
          // What waits for room starts by itself: its own page says when.
          failing={failing && instance.desired === 'awake' && instance.error?.code !== 'capacity'}
        />
      )}
      <InstanceFacts instance={instance} />
    </Card>
  )
}

interface ActionsProps {
  instance: InstanceView
  live: boolean
  /** It cannot start: there is nothing to open, and trying again is what helps. */
  failing: boolean
}

function Actions({ instance, live, failing }: ActionsProps) {
  const { wake, sleep, restart } = useCommands(instance, live)
  return (
    <>
      <div className="mt-8 grid grid-cols-2 gap-3 sm:flex">
        <ButtonLink href={instance.url} variant={failing ? 'secondary' : 'primary'} className="col-span-2">
          Open <ArrowUpRight aria-hidden />
        </ButtonLink>
        <Button
          variant={failing ? 'primary' : 'secondary'}
          pending={wake.isPending}
          unavailable={!canCommand('wake', instance)}
          onClick={wake.start}
        >
          {!wake.isPending && <Sun aria-hidden />}
          {failing || instance.observed === 'failed' ? 'Try again' : 'Wake'}
        </Button>
        <Button
          variant="secondary"
          pending={sleep.isPending}
          unavailable={!canCommand('sleep', instance)}
          onClick={sleep.start}
        >
          {!sleep.isPending && <Moon aria-hidden />}
          Sleep
        </Button>
        <Button
          variant="secondary"
          className="col-span-2"
          pending={restart.isPending}
          unavailable={!canRestart(instance)}
          onClick={restart.start}
        >
          {!restart.isPending && <RotateCw aria-hidden />}
          Restart
        </Button>
      </div>
      <LateAnswer pending={wake.isPending || sleep.isPending || restart.isPending} />
    </>
  )
}
