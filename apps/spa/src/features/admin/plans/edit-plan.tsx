/** Makes a plan, or changes one. */
import {
  type EnforcedLimits,
  type OciRuntime,
  type PlanLimits,
  type PlanView,
  SLEEP_TIERS,
} from '@matrixos/shared'
import { type FormEvent, type RefObject, useState } from 'react'
import { toast } from 'sonner'
import { counted } from '../../../lib/figures.ts'
import { focusField } from '../../../lib/focus-field.ts'
import { trpc } from '../../../lib/trpc.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog, DialogActions } from '../../../ui/dialog.tsx'
import { Field } from '../../../ui/field.tsx'
import { Problem } from '../../connection/problem.tsx'
import {
  draftOf,
  hintOf,
  idlePlaceholderOf,
  LIMIT_FIELDS,
  type PlanDraft,
  parseDraft,
  placeholderOf,
  TIER_LABELS,
} from './draft.ts'
import { RuntimeField } from './runtime-field.tsx'

export interface EditPlanProps {
  /** `null`: a new one. */
  plan: PlanView | null
  defaults: PlanLimits
  enforced: EnforcedLimits
  /** What the server can run computers with. */
  ociRuntimes: readonly OciRuntime[]
  opener: RefObject<HTMLElement | null>
  onClose: () => void
}

export const EditPlan = (props: EditPlanProps) => (
  <Dialog
    open
    onOpenChange={(open) => !open && props.onClose()}
    opener={props.opener}
    title={props.plan ? `Edit ${props.plan.title}` : 'Create a plan'}
    description={
      props.plan && props.plan.people > 0
        ? `It counts within seconds, for ${counted(props.plan.people, 'computer', 'computers')}. An empty field follows the server’s settings.`
        : 'An empty field follows the server’s settings.'
    }
  >
    <PlanForm {...props} />
  </Dialog>
)

const plain = { autoComplete: 'off', autoCapitalize: 'none', spellCheck: false } as const

function PlanForm({ plan, defaults, enforced, ociRuntimes, onClose }: EditPlanProps) {
  const { admin } = trpc.useUtils()
  const [draft, setDraft] = useState(() => draftOf(plan))
  const [isTried, setTried] = useState(false)
  const save = trpc.admin.plans.save.useMutation({
    onSuccess: (_, { title }) => {
      onClose()
      toast.success(`${title} is saved.`)
    },
    onSettled: () => admin.plans.list.invalidate(),
  })
  const parsed = parseDraft(draft)

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    setTried(true)
    if (!parsed.success) focusField(event.currentTarget, Object.keys(parsed.flaws)[0] ?? '')
    else if (!save.isPending) save.mutate({ ...parsed.data, isNew: plan === null })
  }

  const flaws = isTried && !parsed.success ? parsed.flaws : {}
  const change = (part: Partial<PlanDraft>) => setDraft({ ...draft, ...part })
  return (
    <form noValidate onSubmit={submit} className="mt-5">
      <NameFields draft={draft} change={change} flaws={flaws} isNew={plan === null} />
      <LimitFields {...{ draft, change, flaws, defaults, enforced }} />
      <TierFields {...{ draft, change, flaws, defaults }} />
      <RuntimeField
        value={draft.ociRuntime}
        fallback={defaults.ociRuntime}
        offered={ociRuntimes}
        onChange={(ociRuntime) => change({ ociRuntime })}
      />
      <Problem error={save.error} className="mt-2" />
      <DialogActions>
        <Button variant="secondary" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" pending={save.isPending}>
          {plan ? 'Save' : 'Create plan'}
        </Button>
      </DialogActions>
    </form>
  )
}

interface FieldsProps {
  draft: PlanDraft
  change: (part: Partial<PlanDraft>) => void
  flaws: Record<string, string>
}

const NameFields = ({ draft, change, flaws, isNew }: FieldsProps & { isNew: boolean }) => (
  <>
    <Field
      {...plain}
      label="Name"
      name="title"
      hint="As the people on it read it."
      maxLength={60}
      value={draft.title}
      error={flaws.title}
      onChange={(event) => change({ title: event.target.value })}
    />
    {isNew && (
      <Field
        {...plain}
        className="mt-2"
        label="Key"
        name="key"
        hint="Lowercase letters, digits and hyphens. It never changes."
        maxLength={32}
        value={draft.key}
        error={flaws.key}
        onChange={(event) => change({ key: event.target.value.trim() })}
      />
    )}
  </>
)

const unit = (text: string) => <span className="mr-2.5 text-muted text-sm">{text}</span>

const LimitFields = ({
  draft,
  change,
  flaws,
  defaults,
  enforced,
}: FieldsProps & Pick<EditPlanProps, 'defaults' | 'enforced'>) => (
  <div className="mt-2 grid grid-cols-2 gap-x-4 gap-y-2">
    {LIMIT_FIELDS.map((field) => (
      <Field
        {...plain}
        key={field.name}
        label={field.label}
        name={field.name}
        inputMode={field.none ? undefined : 'decimal'}
        placeholder={placeholderOf(defaults, field)}
        end={field.unit ? unit(field.unit) : undefined}
        hint={hintOf(field, enforced)}
        value={draft.limits[field.name]}
        error={flaws[field.name]}
        onChange={(event) => change({ limits: { ...draft.limits, [field.name]: event.target.value.trim() } })}
      />
    ))}
  </div>
)

const TierFields = ({ draft, change, flaws, defaults }: FieldsProps & Pick<EditPlanProps, 'defaults'>) => (
  <fieldset className="mt-4 border-line border-t pt-5">
    <legend className="sr-only">Sleep</legend>
    <p className="text-muted text-sm">
      When nobody uses it for so long: such as 30 min, 2 h, 30 days, or never.
    </p>
    <div className="mt-4 grid grid-cols-2 gap-x-4 gap-y-2 sm:grid-cols-3">
      {SLEEP_TIERS.map((tier) => (
        <Field
          {...plain}
          key={tier}
          label={TIER_LABELS[tier]}
          name={tier}
          placeholder={idlePlaceholderOf(defaults, tier)}
          value={draft.idle[tier]}
          error={flaws[tier]}
          onChange={(event) => change({ idle: { ...draft.idle, [tier]: event.target.value } })}
        />
      ))}
    </div>
  </fieldset>
)
