/** Pages that an app's host shows where there is no app to show: they say one thing, and hold nothing else. */
import type { IncomingMessage, ServerResponse } from 'node:http'

const STYLE = `:root{color-scheme:light dark;--paper:light-dark(#f8f7f3,#0e1311);--ink:light-dark(#1a211e,#eceee8);--muted:light-dark(#55605a,#a3aaa4);--dot:light-dark(#d9dad3,#2c332f);--lit:light-dark(#1fa566,#4cd993)}
*{box-sizing:border-box}body{display:grid;min-height:100dvh;margin:0;padding:2rem 1.5rem;place-items:center;background:radial-gradient(var(--dot) 1.5px,transparent 1.5px) 0 0/22px 22px var(--paper);color:var(--ink);font:1rem/1.6 ui-sans-serif,system-ui,sans-serif}
main{width:100%;max-width:32rem;padding:1.5rem;background:var(--paper);text-align:center}h1{margin:0 0 .5rem;font-size:1.5rem;line-height:1.25}p{margin:0 0 1rem;color:var(--muted);overflow-wrap:anywhere}
pre{max-height:16rem;margin:0;padding:1rem;overflow:auto;border-radius:.5rem;background:#0e1311;color:#eceee8;font:.8125rem/1.5 ui-monospace,monospace;text-align:start;white-space:pre-wrap;overflow-wrap:anywhere}
svg{width:3rem;height:3rem;fill:var(--muted)}.on{fill:var(--lit)}`

export const HARDENED = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'origin-agent-cluster': '?1',
}

export interface Message {
  status: number
  title: string
  words: string
  /** As a program printed it. */
  lines?: string
  retryAfterS?: number
}

/** In JSON for scripts, as a page for people. */
export function sendMessage(request: IncomingMessage, response: ServerResponse, message: Message): void {
  const { status, title, words, retryAfterS } = message
  // Whoever still sends is owed the answer.
  request.resume()
  const isPage = request.headers.accept?.includes('text/html') ?? false
  response.writeHead(status, {
    ...HARDENED,
    ...(retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) }),
    'content-type': isPage ? 'text/html; charset=utf-8' : 'application/json',
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
  })
  response.end(isPage ? pageOf(message) : JSON.stringify({ message: `${title}. ${words}` }))
}

function pageOf({ title, words, lines }: Message): string {
  const circles = [0, 1, 2]
    .flatMap((y) => [0, 1, 2].map((x) => [x, y] as const))
    .map(
      ([x, y]) =>
        `<circle${x === 1 && y === 1 ? ' class="on"' : ''} cx="${4 + 8 * x}" cy="${4 + 8 * y}" r="2.5"/>`,
    )
    .join('')
  const log = lines ? `<pre tabindex="0" aria-label="Last lines of its log">${escapeHtml(lines)}</pre>` : ''
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(title)}</title><style>${STYLE}</style><main><svg viewBox="0 0 24 24" aria-hidden="true">${circles}</svg><h1>${escapeHtml(title)}</h1><p>${escapeHtml(words)}</p>${log}</main></html>`
}

export const escapeHtml = (text: string) =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

export const NO_APP: Message = {
  status: 404,
  title: 'There is no app here',
  words: 'Perhaps it has another name now, or its owner removed it.',
}

export const NO_FILE: Message = { status: 404, title: 'Page not found', words: 'This app has no such page.' }

/** Its owner learns why; nobody else could do anything about it. */
export const brokenApp = (problem: string, isOwner: boolean): Message => ({
  status: 503,
  title: 'This app isn’t working',
  words: isOwner ? problem : 'Its owner can see why.',
})
