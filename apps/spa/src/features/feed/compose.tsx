/** Where people write: a few words, and who may read them. What is not sent stays on this device's page until it is. */
import { type FeedVisibility, POST_CHARS, type UserView } from '@matrixos/shared'
import { useId, useState } from 'react'
import { trpc } from '../../lib/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { cn } from '../../ui/cn.ts'
import { Problem } from '../connection/problem.tsx'
import { Glyph } from '../dashboard/glyph.tsx'
import { useItems } from './use-items.ts'
import { VISIBILITY } from './words.ts'

const CHOICES = Object.keys(VISIBILITY) as FeedVisibility[]
const isVisibility = (text: string): text is FeedVisibility => Object.hasOwn(VISIBILITY, text)
/** From so many on, one sees how many are left. */
const FEW_LEFT = 100

export function Compose({ user }: { user: UserView }) {
  const [text, setText] = useState('')
  const [visibility, setVisibility] = useState<FeedVisibility>('public')
  const items = useItems()
  const post = trpc.feed.post.useMutation({
    onSuccess: () => {
      setText('')
      return items.refresh()
    },
  })
  const id = useId()
  const left = POST_CHARS - [...text.trim()].length
  const canPost = text.trim() !== '' && left >= 0
  const send = () => canPost && !post.isPending && post.mutate({ text, visibility })
  return (
    <section
      aria-label="New post"
      className="rounded-card border border-line bg-surface p-5 shadow-card has-[textarea:focus]:border-accent has-[textarea:focus]:outline-2 has-[textarea:focus]:outline-accent/30 sm:p-6"
    >
      <div className="flex gap-3">
        <Glyph handle={user.handle} className="size-10 shrink-0" />
        <div className="min-w-0 flex-1">
          <label htmlFor={id} className="sr-only">
            What is new?
          </label>
          <textarea
            id={id}
            rows={2}
            value={text}
            placeholder="What is new?"
            aria-describedby={`${id}-left`}
            onChange={({ target }) => setText(target.value)}
            onKeyDown={(event) => event.key === 'Enter' && (event.metaKey || event.ctrlKey) && send()}
            className="field-sizing-content block max-h-96 min-h-16 w-full resize-none bg-transparent py-1.5 text-base leading-7 outline-none placeholder:text-muted"
          />
        </div>
      </div>
      <Problem error={post.error} className="mb-4" />
      <div className="mt-2 flex flex-wrap items-center gap-3 border-line border-t pt-4">
        <label className="flex items-center gap-2 text-muted text-sm">
          <span className="sr-only sm:not-sr-only">Who can read it?</span>
          <select
            aria-label="Who can read it?"
            value={visibility}
            onChange={({ target }) => isVisibility(target.value) && setVisibility(target.value)}
            className="h-11 rounded-control border border-line bg-surface px-3 text-ink text-sm focus:outline-2 focus:outline-accent sm:h-9"
          >
            {CHOICES.map((each) => (
              <option key={each} value={each}>
                {VISIBILITY[each].label}
              </option>
            ))}
          </select>
        </label>
        <span
          id={`${id}-left`}
          aria-live="polite"
          className={cn('ml-auto text-sm', left < 0 ? 'text-danger' : 'text-muted')}
        >
          {left <= FEW_LEFT && (left < 0 ? `${-left} too many` : `${left} left`)}
        </span>
        <Button size="sm" unavailable={!canPost} pending={post.isPending} onClick={send}>
          Post
        </Button>
      </div>
    </section>
  )
}
