/** Shows Markdown of the plain kind that souls are written in: headings, paragraphs, lists, emphasis, code. */
import { make } from './dom.ts'

const INLINE = /\*\*(.+?)\*\*|\*(.+?)\*|`(.+?)`/g

export function renderMarkdown(markdown: string): HTMLElement[] {
  return markdown
    .split(/\n\s*\n/)
    .map((block) => block.trim())
    .filter((block) => block !== '')
    .map(renderBlock)
}

function renderBlock(block: string): HTMLElement {
  const heading = /^(#{1,4})\s+(.*)$/.exec(block)
  // The card has a heading of its own: those of the text stand below it.
  if (heading) return withInline(make(heading[1]?.length === 1 ? 'h3' : 'h4'), heading[2] ?? '')
  const lines = block.split('\n')
  if (!lines.every((line) => /^\s*([-*]\s|\s)/.test(line))) return withInline(make('p'), lines.join(' '))
  const items = block.split(/^\s*[-*]\s+/m).filter((item) => item.trim() !== '')
  return make('ul', {}, ...items.map((item) => withInline(make('li'), item.trim().replaceAll('\n', ' '))))
}

function withInline(element: HTMLElement, text: string): HTMLElement {
  let end = 0
  for (const match of text.matchAll(INLINE)) {
    element.append(text.slice(end, match.index))
    const [whole, strong, emphasis, code] = match
    element.append(
      make(strong ? 'strong' : emphasis ? 'em' : 'code', { text: strong ?? emphasis ?? code ?? '' }),
    )
    end = match.index + whole.length
  }
  element.append(text.slice(end))
  return element
}
