/** Texts: Markdown as it is meant, everything else as it is written. */
import { lazy, Suspense, useMemo } from 'react'
import { showName } from '../files/model/show-name.ts'
import { sizeInWords } from '../files/ui/words.ts'
import type { ShownProps } from './shown.ts'
import { useText } from './use-file.ts'

const SHOWN_AT_MOST = 512 * 1024

const Rendered = lazy(async () => {
  const { renderMarkdown } = await import('./markdown/render.tsx')
  return {
    default: function Rendered({
      text,
      path,
      onOpen,
    }: Pick<ShownProps, 'path' | 'onOpen'> & { text: string }) {
      return useMemo(() => renderMarkdown(text, { path, onOpen }), [text, path, onOpen])
    },
  }
})

export function Markdown({ path, file, onOpen }: ShownProps) {
  const state = useText(path, file.version, SHOWN_AT_MOST, file.size)
  if (!state) return null
  if ('failure' in state) return <p className="said">{state.failure}</p>
  return (
    <Suspense>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys. */}
      <article className="markdown" tabIndex={0}>
        <Rendered text={state.text} path={path} onOpen={onOpen} />
        {!state.isWhole && <p className="cut">The beginning of {sizeInWords(file.size)}.</p>}
      </article>
    </Suspense>
  )
}

/** Pages of HTML as well: what they would do, they do not do here. */
export function PlainText({ path, file, name }: ShownProps) {
  const state = useText(path, file.version, SHOWN_AT_MOST, file.size)
  if (!state) return null
  if ('failure' in state) return <p className="said">{state.failure}</p>
  if (state.text.slice(0, 8_000).includes('\0')) return <p className="said">{showName(name)} is no text.</p>
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys.
    <pre className="plain" tabIndex={0}>
      {state.text}
      {!state.isWhole && `\n\n— the beginning of ${sizeInWords(file.size)} —`}
    </pre>
  )
}
