/** The platform's own pages on an instance's host: no file but the page itself, a strict policy, light and dark. */
import { type ErrorBody, inWords, reloadScript } from '@matrixos/shared'
import { html, raw } from 'hono/html'
import { mark, STYLE } from './page-style.ts'

export interface Page {
  headers: Record<string, string>
  body: string
}

interface PageText extends Framing {
  title: string
  text: string
  link: { href: string; text: string }
  nonce: string
  /** Seconds after which the page begins to look whether it is over, and then loads itself again. */
  reloadAfterS?: number | undefined
}

interface Framing {
  /** The one origin, besides the page's own, that may show it in a frame. Default: no frame may. */
  framedBy?: string | null | undefined
}

interface Frame extends Framing {
  title: string
  /** What stands in `<main>`; `state` is for its script and style. */
  content: unknown
  state?: { name: string; data: unknown }
  nonce: string
  script?: string
  /** More of `<head>`. */
  head?: unknown
}

/** In a frame, links lead out of it: where they lead may refuse to be in one. */
export function render({ title, content, state, nonce, script, framedBy, head }: Frame): Page {
  const main = state
    ? html`<main data-state="${state.name}" data-page="${JSON.stringify(state.data)}">${content}</main>`
    : html`<main>${content}</main>`
  const body = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex">${framedBy ? html`<base target="_blank">` : ''}${head ?? ''}<title>${title} · Matrix OS</title><style nonce="${nonce}">${raw(STYLE)}</style></head>
<body>${main}${script ? html`<script nonce="${nonce}">${raw(script)}</script>` : ''}</body></html>`
  const policy = [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${framedBy ? `'self' ${framedBy}` : "'none'"}`,
  ]
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy.join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  }
  return { headers, body: String(body) }
}

/** For people who read a page instead of the SPA: what happened, and when to try again. */
export function withRetry({ message, retryAfterS }: Pick<ErrorBody, 'message' | 'retryAfterS'>): string {
  if (retryAfterS === undefined) return message
  return `${message} Try again in ${inWords(retryAfterS)}.`
}

/** For somebody who is signed in and may not open this computer. */
export const privatePage = (o: { handle: string; home: string; nonce: string } & Framing): Page =>
  page({
    title: `This is ${o.handle}’s computer`,
    text: `Only ${o.handle} and people ${o.handle} shares it with can open it.`,
    link: { href: o.home, text: 'Open your own' },
    nonce: o.nonce,
    framedBy: o.framedBy,
  })

/** A message and one way on. */
export function page({ title, text, link, nonce, reloadAfterS, framedBy }: PageText): Page {
  const content = html`${mark('logo')}<h1>${title}</h1><p>${text}</p><a class="button" href="${link.href}">${link.text}</a>`
  if (reloadAfterS === undefined) return render({ title, content, nonce, framedBy })
  const refresh = html`<noscript><meta http-equiv="refresh" content="${reloadAfterS}"></noscript>`
  const script = reloadScript(reloadAfterS)
  return render({ title, content: html`${content}${refresh}`, nonce, script, framedBy })
}
