/** The first start of somebody's computer, step by step, and then straight into it. */

import { type InstanceView, type Step, stepProgress, WILL_RECONNECT } from '@matrixos/shared'
import { useEffect, useState } from 'react'
import { drafts } from '../../lib/drafts.ts'
import { FIRST_START_MS, pacedStep } from '../../lib/paced.ts'
import { NOT_ANSWERING, START_FAILED } from '../../lib/texts.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { DotField } from '../../ui/dot-field.tsx'
import { DotProgress } from '../../ui/dot-progress.tsx'
import { Logo } from '../../ui/logo.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { FailurePanel } from './failure-panel.tsx'
import { currentStep, StepList } from './step-list.tsx'
import { useCommands } from './use-command.ts'

export interface FirstStartProps {
  instance: InstanceView
  live: boolean
  reconnecting: boolean
  onSkip: () => void
}

export function FirstStart({ instance, live, reconnecting, onSkip }: FirstStartProps) {
  const isWaiting = instance.error?.code === 'capacity'
  const failed = instance.observed !== 'running' && instance.error !== null && !isWaiting
  const step = usePacedStep(currentStep(instance), failed)
  const ready = step === 'ready'
  useEffect(() => {
    if (!ready) return
    drafts.sawFirstStart()
    location.assign(instance.url)
  }, [ready, instance.url])
  return (
    <div className="relative isolate flex min-h-dvh flex-col">
      <DotField />
      <header className="px-5 py-5 sm:px-8">
        <Logo href="/" />
      </header>
      <main id="main" className="flex flex-1 items-start justify-center px-4 pb-16 sm:items-center">
        <Card className="w-full max-w-[30rem] animate-rise">
          <PageTitle documentTitle="Setting up" className="font-semibold text-[1.7rem] leading-9">
            {ready
              ? 'Your computer is ready'
              : failed
                ? START_FAILED
                : isWaiting
                  ? 'Waiting for room'
                  : 'Setting up your computer'}
          </PageTitle>
          <p className="mt-2 break-all font-mono text-muted text-sm">{new URL(instance.url).host}</p>
          <div className="mt-7">
            <DotProgress
              value={ready ? 1 : stepProgress(step)}
              label="Setup progress"
              stalled={failed || isWaiting}
            />
          </div>
          <StepList step={step} ready={ready} failed={failed} />
          {instance.error && isWaiting && !ready && (
            <FailurePanel className="mt-6" error={instance.error} nextAttemptAt={null} line={instance.line} />
          )}
          {instance.error && failed && <Failure instance={instance} error={instance.error} live={live} />}
          <Foot instance={instance} ready={ready} reconnecting={reconnecting} onSkip={onSkip} />
        </Card>
      </main>
    </div>
  )
}

/** A computer that starts in an instant still shows each step; a failure is shown at once. */
function usePacedStep(step: Step, failed: boolean): Step {
  const [openedMs] = useState(() => performance.now())
  const [elapsedMs, setElapsedMs] = useState(0)
  const over = elapsedMs >= FIRST_START_MS
  useEffect(() => {
    if (over) return
    const timer = setInterval(() => setElapsedMs(performance.now() - openedMs), 50)
    return () => clearInterval(timer)
  }, [over, openedMs])
  return failed ? step : pacedStep(step, elapsedMs)
}

interface FailureProps {
  instance: InstanceView
  error: NonNullable<InstanceView['error']>
  live: boolean
}

function Failure({ instance, error, live }: FailureProps) {
  const { wake } = useCommands(instance, live)
  return (
    <FailurePanel
      className="mt-6"
      error={error}
      nextAttemptAt={instance.nextAttemptAt}
      action={
        <Button size="sm" variant="secondary" pending={wake.isPending} onClick={wake.start}>
          Try again
        </Button>
      }
    />
  )
}

function Foot({ instance, ready, reconnecting, onSkip }: Omit<FirstStartProps, 'live'> & { ready: boolean }) {
  if (ready) {
    return (
      <p className="mt-7 border-line border-t pt-5 text-sm">
        Taking you there.{' '}
        <a href={instance.url} className="font-medium text-accent underline underline-offset-4">
          Go now
        </a>
      </p>
    )
  }
  return (
    <div className="mt-7 flex flex-wrap items-center justify-between gap-3 border-line border-t pt-5 text-sm">
      <span role="status" className="text-muted">
        {reconnecting ? `${NOT_ANSWERING}. ${WILL_RECONNECT}` : 'This continues even if you close the page.'}
      </span>
      {/* On a phone it has a line of its own, and its words begin where all others do. */}
      <Button size="sm" variant="ghost" className="-ml-3 sm:ml-0" onClick={onSkip}>
        Dashboard
      </Button>
    </div>
  )
}
