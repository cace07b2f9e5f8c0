/** A handle typed right here goes along to the sign-up page. */
import { normalizeHandle } from '@matrixos/shared'
import { type FormEvent, useState } from 'react'
import type { Site } from '../../lib/hosts.ts'
import { ButtonLink } from '../../ui/button.tsx'

export function Claim({ site }: { site: Site }) {
  const [text, setText] = useState('')
  const handle = normalizeHandle(text)
  const target = `${site.appOrigin}/signup${handle ? `?handle=${encodeURIComponent(handle)}` : ''}`

  function submit(event: FormEvent) {
    event.preventDefault()
    location.assign(target)
  }

  return (
    <form
      onSubmit={submit}
      className="mt-9 flex max-w-xl flex-col gap-2 rounded-[1.1rem] sm:flex-row sm:border sm:border-line sm:bg-surface sm:p-2 sm:shadow-card"
    >
      <label className="flex h-13 min-w-0 items-center sm:flex-1 rounded-control border border-line bg-surface px-4 focus-within:outline-2 focus-within:outline-accent sm:border-transparent">
        <span className="sr-only">Your handle</span>
        <input
          value={text}
          onChange={(event) => setText(event.target.value)}
          placeholder="your-name"
          maxLength={64}
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          className="h-full min-w-0 flex-1 bg-transparent font-mono outline-none placeholder:text-muted/70"
        />
        <span aria-hidden className="max-w-[60%] truncate font-mono text-muted">
          {site.addressSuffix}
        </span>
      </label>
      <ButtonLink href={target} size="lg">
        Get started
      </ButtonLink>
    </form>
  )
}
