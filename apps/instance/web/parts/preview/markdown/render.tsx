/**
 * Markdown as elements of the page, made one by one from what the parser found: raw HTML stays text, and nothing that a
 * file says becomes an attribute, but the destinations of links and pictures, which are looked at first.
 */
import MarkdownIt, { type Token } from 'markdown-it'
import { createElement, Fragment, type MouseEvent, type ReactNode } from 'react'
import { files } from '../../files/client/files.ts'
import { HomePicture } from './home-picture.tsx'
import { destinationOf } from './links.ts'

export interface MarkdownOptions {
  /** The file that the text is in. */
  path: string
  onOpen: (path: string) => void
  /** Draws a block of code; without it, it stands as it is. */
  renderCode?: (text: string, language: string) => ReactNode
}

const parser = new MarkdownIt({ html: false, linkify: true })

const PLAIN = new Set(
  'p h1 h2 h3 h4 h5 h6 ul ol li blockquote hr table thead tbody tr th td em strong s'.split(' '),
)

export function renderMarkdown(text: string, options: MarkdownOptions): ReactNode[] {
  return children(parser.parse(text, {}), options)
}

/** The tokens of one level: what opens holds everything up to what closes it. */
function children(tokens: readonly Token[], options: MarkdownOptions): ReactNode[] {
  const nodes: ReactNode[] = []
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]
    if (!token) break
    if (token.nesting === 1) {
      const end = closing(tokens, at)
      nodes.push(element(token, at, children(tokens.slice(at + 1, end), options), options))
      at = end
    } else nodes.push(leaf(token, at, options))
  }
  return nodes
}

function closing(tokens: readonly Token[], from: number): number {
  let depth = 0
  for (let at = from; at < tokens.length; at++) {
    depth += tokens[at]?.nesting ?? 0
    if (depth === 0) return at
  }
  return tokens.length
}

function element(token: Token, key: number, inner: ReactNode[], options: MarkdownOptions): ReactNode {
  if (token.type === 'link_open') return link(attribute(token, 'href'), key, inner, options)
  // A tight list has paragraphs that are none.
  if (!PLAIN.has(token.tag) || token.hidden) return <Fragment key={key}>{inner}</Fragment>
  const side = /^text-align:(left|center|right)$/.exec(attribute(token, 'style'))?.[1]
  const start = Number(token.attrGet('start') ?? Number.NaN)
  return createElement(
    token.tag,
    { key, ...(side ? { 'data-align': side } : {}), ...(Number.isInteger(start) ? { start } : {}) },
    ...(token.tag === 'hr' ? [] : inner),
  )
}

const attribute = (token: Token, name: string) => String(token.attrGet(name) ?? '')

function leaf(token: Token, key: number, options: MarkdownOptions): ReactNode {
  switch (token.type) {
    case 'inline':
      return <Fragment key={key}>{children(token.children ?? [], options)}</Fragment>
    case 'code_inline':
      return <code key={key}>{token.content}</code>
    case 'fence':
    case 'code_block':
      if (options.renderCode)
        return (
          <Fragment key={key}>
            {options.renderCode(token.content, token.info.trim().split(/\s/, 1)[0] ?? '')}
          </Fragment>
        )
      return (
        <pre key={key}>
          <code>{token.content}</code>
        </pre>
      )
    case 'image':
      return picture(token, key, options)
    case 'softbreak':
      return '\n'
    case 'hardbreak':
      return <br key={key} />
    case 'hr':
      return <hr key={key} />
    default:
      return token.content
  }
}

function link(href: string, key: number, inner: ReactNode[], { path, onOpen }: MarkdownOptions): ReactNode {
  const destination = destinationOf(href, path)
  if (!destination) return <span key={key}>{inner}</span>
  if (destination.kind === 'web') {
    return (
      <a key={key} href={destination.href} target="_blank" rel="noopener noreferrer">
        {inner}
      </a>
    )
  }
  const open = (event: MouseEvent) => {
    event.preventDefault()
    onOpen(destination.path)
  }
  return (
    <a key={key} href={files.contentAddress(destination.path)} onClick={open}>
      {inner}
    </a>
  )
}

/** A picture from the web would tell its server who reads what, and when: it is a link instead. */
function picture(token: Token, key: number, options: MarkdownOptions): ReactNode {
  const source = attribute(token, 'src')
  const destination = destinationOf(source, options.path)
  const words = token.content || 'Picture'
  if (destination?.kind === 'home')
    return <HomePicture key={key} path={destination.path} alt={token.content} />
  return link(source, key, [words], options)
}
