/** Markdown of the plain kind that souls are written in: headings, paragraphs, lists, emphasis, code. */
import { Fragment, type ReactNode } from 'react'

const HEADING = /^(#{1,6})\s+(.*)$/
const INLINE = /\*\*(.+?)\*\*|\*(.+?)\*|`(.+?)`/g

/** The window's own heading has level 2: those of the text begin below it, and no level is left out. */
const WINDOW_LEVEL = 2

export function Markdown({ text }: { text: string }) {
  const blocks = text
    .split(/\n\s*\n/)
    .map((block) => block.trim())
    .filter((block) => block !== '')
  const depths = blocks.flatMap((block) => HEADING.exec(block)?.[1]?.length ?? [])
  const levelOf = headingLevels(depths, WINDOW_LEVEL)
  return blocks.map((block, index) => {
    const key = `${index} ${block}`
    const [, marks, words] = HEADING.exec(block) ?? []
    if (marks === undefined || words === undefined) return <Fragment key={key}>{blockOf(block)}</Fragment>
    const Heading = `h${levelOf(marks.length)}` as 'h3'
    return <Heading key={key}>{inline(words)}</Heading>
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

function blockOf(block: string): ReactNode {
  const lines = block.split('\n')
  if (!lines.every((line) => /^\s*([-*]\s|\s)/.test(line))) return <p>{inline(lines.join(' '))}</p>
  const items = block.split(/^\s*[-*]\s+/m).filter((item) => item.trim() !== '')
  return (
    <ul>
      {items.map((item) => (
        <li key={item}>{inline(item.trim().replaceAll('\n', ' '))}</li>
      ))}
    </ul>
  )
}

function inline(text: string): ReactNode[] {
  const nodes: ReactNode[] = []
  let end = 0
  for (const match of text.matchAll(INLINE)) {
    nodes.push(text.slice(end, match.index))
    const [whole, strong, emphasis, code] = match
    const key = match.index
    if (strong) nodes.push(<strong key={key}>{strong}</strong>)
    else if (emphasis) nodes.push(<em key={key}>{emphasis}</em>)
    else nodes.push(<code key={key}>{code}</code>)
    end = match.index + whole.length
  }
  return [...nodes, text.slice(end)]
}
