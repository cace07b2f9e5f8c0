/** The visible steps of making a computer: done, under way, still to come. */
import { type InstanceView, FIRST_START_STEPS as NAMES, STEPS, type Step } from '@matrixos/shared'
import { Check, X } from 'lucide-react'
import { cn } from '../../ui/cn.ts'

/** Between two steps the api names none; what is observed then tells how far it came. A failure names its step. */
export function currentStep({ step, observed }: Pick<InstanceView, 'step' | 'observed'>): Step {
  if (step) return step
  if (observed === 'running') return 'ready'
  return observed === 'creating' ? 'queued' : 'start'
}

export function StepList({ step, ready, failed }: { step: Step; ready: boolean; failed: boolean }) {
  const at = NAMES.indexOf(step)
  return (
    <>
      <ol className="mt-7 space-y-1">
        {NAMES.map((name, index) => (
          <li
            key={name}
            aria-current={index === at && !ready ? 'step' : undefined}
            className={cn(
              'flex items-center gap-3 rounded-lg py-1.5',
              index > at && 'text-muted',
              index === at && !ready && 'font-medium',
            )}
          >
            <Light state={ready || index < at ? 'done' : index > at ? 'todo' : failed ? 'failed' : 'now'} />
            {STEPS[name]}
          </li>
        ))}
      </ol>
      <p role="status" className="sr-only">
        {STEPS[step]}
      </p>
    </>
  )
}

function Light({ state }: { state: 'done' | 'now' | 'todo' | 'failed' }) {
  return (
    <span
      aria-hidden
      className={cn(
        'grid size-5 shrink-0 place-items-center rounded-full [&_svg]:size-3.5',
        state === 'done' && 'bg-accent-soft text-accent',
        state === 'failed' && 'bg-danger-soft text-danger',
      )}
    >
      {state === 'done' && <Check strokeWidth={3} />}
      {state === 'failed' && <X strokeWidth={3} />}
      {state === 'now' && <span className="size-2.5 animate-breathe rounded-full bg-lit" />}
      {state === 'todo' && <span className="size-2 rounded-full bg-unlit" />}
    </span>
  )
}
