/** Shows Markdown of the plain kind that souls are written in: headings, paragraphs, lists, emphasis, code. */
import { make } from './dom.ts'

const HEADING = /^(#{1,6})\s+(.*)$/
const INLINE = /\*\*(.+?)\*\*|\*(.+?)\*|`(.+?)`/g

/** The card's own heading has level 2: those of the text begin below it, and no level is left out. */
const CARD_LEVEL = 2

export function renderMarkdown(markdown: string): HTMLElement[] {
  const blocks = markdown
    .split(/\n\s*\n/)
    .map((block) => block.trim())
    .filter((block) => block !== '')
  const depths = blocks.flatMap((block) => HEADING.exec(block)?.[1]?.length ?? [])
  const levelOf = headingLevels(depths, CARD_LEVEL)
  return blocks.map((block) => {
    const [, marks, words] = HEADING.exec(block) ?? []
    if (marks === undefined || words === undefined) return renderBlock(block)
    return withInline(make(`h${levelOf(marks.length)}`), words)
  })
}

/** From the depths of a text's headings, in order, to their levels below `above`: each at most one deeper than the last. */
export function headingLevels(depths: readonly number[], above: number): (depth: number) => number {
  const offset = above + 1 - Math.min(...depths)
  let last = above
  return (depth) => {
    last = Math.min(depth + offset, last + 1, 6)
    return last
  }
}

function renderBlock(block: string): HTMLElement {
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
