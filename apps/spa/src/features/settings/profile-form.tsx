/** The display name, which can be changed, and what cannot. */
import { DISPLAY_NAME_CHARS, displayNameProblem, type UserView } from '@matrixos/shared'
import { type FormEvent, type ReactNode, useState } from 'react'
import { toast } from 'sonner'
import { problemText } from '../../lib/errors.ts'
import { site } from '../../lib/hosts.ts'
import { trpc } from '../../lib/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Field } from '../../ui/field.tsx'

const day = new Intl.DateTimeFormat('en', { dateStyle: 'long' })

export function ProfileForm({ user }: { user: UserView }) {
  const [text, setText] = useState(user.displayName)
  const [flaw, setFlaw] = useState<string | null>(null)
  const utils = trpc.useUtils()
  const update = trpc.auth.profile.update.useMutation({
    onSuccess: (changed) => {
      utils.auth.session.setData(undefined, changed)
      setText(changed.displayName)
      toast.success('Name saved.')
    },
  })
  const name = text.trim()
  const isChanged = name !== user.displayName

  function submit(event: FormEvent) {
    event.preventDefault()
    if (!isChanged || update.isPending) return
    const problem = displayNameProblem(name)
    setFlaw(problem)
    if (problem) update.reset()
    else update.mutate({ displayName: name })
  }

  return (
    <Card className="mt-8">
      <form noValidate onSubmit={submit} className="max-w-md">
        <Field
          label="Display name"
          name="display-name"
          value={text}
          onChange={(event) => {
            setText(event.target.value)
            setFlaw(null)
          }}
          autoComplete="name"
          maxLength={4 * DISPLAY_NAME_CHARS}
          error={flaw ?? problemText(update.error)}
          hint="Shown beside your handle."
        />
        <Button type="submit" className="mt-3" unavailable={!isChanged} pending={update.isPending}>
          Save name
        </Button>
      </form>
      <dl className="mt-8 grid gap-5 border-line border-t pt-6 text-sm sm:grid-cols-2">
        <Fact
          term="Handle"
          note={`Your address is ${site().address(user.handle)}. A handle cannot be changed.`}
        >
          {user.handle}
        </Fact>
        <Fact term="Member since">{day.format(new Date(user.createdAt))}</Fact>
      </dl>
    </Card>
  )
}

const Fact = ({ term, note, children }: { term: string; note?: string; children: ReactNode }) => (
  <div>
    <dt className="text-muted">{term}</dt>
    <dd className="mt-1 break-words font-medium text-base">{children}</dd>
    {note && <dd className="mt-1 break-words text-muted leading-6">{note}</dd>}
  </div>
)
