/** How an app is published: who may open it, what it may spend on them, and what its link looks like. */
import {
  DESCRIPTION_CHARS,
  type InstanceId,
  type PublicationMode,
  type PublicationView,
  type PublishInput,
  publishSchema,
  TITLE_CHARS,
} from '@matrixos/shared'
import { type FormEvent, useState } from 'react'
import { toast } from 'sonner'
import { problemText } from '../../lib/errors.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { AmountField } from '../credits/amount-field.tsx'
import { AudienceField } from './audience-field.tsx'
import { PictureButtons } from './picture-buttons.tsx'
import { pictureAddress } from './picture-link.ts'
import { PreviewCard } from './preview-card.tsx'
import { usePicture } from './use-picture.ts'
import { usePublish } from './use-publishing.ts'

export interface PublishFormProps {
  instanceId: InstanceId
  app: string
  host: string
  emoji: string | undefined
  /** How it is, or was once; `undefined`: never. */
  publication: PublicationView | undefined
  /** What is offered where it was never published. */
  proposal: { title: string; description: string }
  isAllowed: boolean
}

interface Draft {
  mode: PublicationMode
  title: string
  description: string
  visitorCredits: string
}

function draftOf({ publication, proposal }: PublishFormProps): Draft {
  if (!publication) return { mode: 'public', visitorCredits: '0', ...proposal }
  const { mode, title, description, visitorCredits } = publication
  return { mode, title, description, visitorCredits: visitorCredits.replace(/\.00$/, '') }
}

const isSame = (a: Draft, b: Draft): boolean =>
  a.mode === b.mode &&
  a.title.trim() === b.title &&
  a.description.trim() === b.description &&
  Number(a.visitorCredits) === Number(b.visitorCredits)

/** The first thing that is wrong with each field. */
function problemsOf(terms: PublishInput): Partial<Record<keyof Draft, string>> {
  const read = publishSchema.safeParse(terms)
  if (read.success) return {}
  return Object.fromEntries(read.error.issues.map(({ path, message }) => [path[0], message]).reverse())
}

export function PublishForm(props: PublishFormProps) {
  const { instanceId, app, host, emoji, publication, isAllowed } = props
  const [draft, setDraft] = useState(() => draftOf(props))
  const isPublished = Boolean(publication?.publishedAt)
  const version = publication?.pictureVersion
  const picture = usePicture(app, emoji, version ? pictureAddress({ instanceId, app }, version) : null)
  const terms: PublishInput = { instanceId, app, ...draft }
  const problems = problemsOf(terms)
  const publish = usePublish({
    onDone: (problem) => {
      if (problem) toast.error(`The app is published, but without the new picture. ${problem}`)
      else picture.sent()
      if (isPublished && !problem) toast.success('Saved.')
    },
  })
  const change = (next: Partial<Draft>) => {
    setDraft({ ...draft, ...next })
    publish.reset()
  }
  const isUnchanged = isPublished && picture.blob === null && isSame(draft, draftOf(props))
  const isBlocked = isUnchanged || !isAllowed || Object.keys(problems).length > 0

  function submit(event: FormEvent) {
    event.preventDefault()
    if (!isBlocked && !publish.isPending) publish.mutate({ terms, picture: picture.blob, isPublished })
  }

  return (
    <form
      onSubmit={submit}
      className="mt-8 grid grid-cols-[minmax(0,1fr)] gap-6 lg:grid-cols-[minmax(0,1fr)_21rem] lg:items-start"
    >
      <Card aria-label="How it is published" className="space-y-7">
        <AudienceField value={draft.mode} onValue={(mode) => change({ mode })} />
        <VisitorCredits
          value={draft.visitorCredits}
          problem={problems.visitorCredits}
          onValue={(visitorCredits) => change({ visitorCredits })}
        />
        <Texts draft={draft} problems={problems} onChange={change} />
      </Card>
      <section aria-labelledby="link-preview" className="lg:sticky lg:top-8">
        <h2 id="link-preview" className="mb-3 font-medium text-sm">
          {draft.mode === 'public' ? 'What the link looks like elsewhere' : 'What the link would look like'}
        </h2>
        <PreviewCard
          picture={picture.url}
          title={draft.title.trim()}
          description={draft.description.trim()}
          host={host}
        />
        <PictureButtons picture={picture} />
        {publish.error && (
          <Notice tone="error" className="mt-4">
            {problemText(publish.error)}
          </Notice>
        )}
        <Button
          type="submit"
          size="lg"
          className="mt-5 w-full"
          unavailable={isBlocked}
          pending={publish.isPending}
        >
          {isPublished ? 'Save changes' : 'Publish'}
        </Button>
      </section>
    </form>
  )
}

interface VisitorCreditsProps {
  value: string
  problem: string | undefined
  onValue: (value: string) => void
}

const VisitorCredits = ({ value, problem, onValue }: VisitorCreditsProps) => (
  <AmountField
    label="AI credits for visitors, per month"
    name="visitorCredits"
    value={value}
    onValue={onValue}
    error={problem}
    hint={
      Number(value) > 0
        ? 'Of your own credits, for all visitors of this app together.'
        : 'Visitors cannot use the AI in this app.'
    }
  />
)

interface TextsProps {
  draft: Draft
  problems: Partial<Record<keyof Draft, string>>
  onChange: (next: Partial<Draft>) => void
}

const Texts = ({ draft, problems, onChange }: TextsProps) => (
  <div>
    <Field
      label="Title"
      name="title"
      value={draft.title}
      maxLength={TITLE_CHARS}
      autoComplete="off"
      error={problems.title}
      onChange={(event) => onChange({ title: event.target.value })}
    />
    <Field
      className="mt-4"
      label="Description"
      name="description"
      value={draft.description}
      maxLength={DESCRIPTION_CHARS}
      autoComplete="off"
      placeholder="One sentence"
      error={problems.description}
      onChange={(event) => onChange({ description: event.target.value })}
    />
  </div>
)
