/** The platform's own pages on an instance's host: no file but the page itself, a strict policy, light and dark. */
import type { ErrorBody } from '@matrixos/shared'
import { html, raw } from 'hono/html'

interface Page {
  headers: Record<string, string>
  body: string
}

interface PageText {
  title: string
  text: string
  link: { href: string; text: string }
  nonce: string
}

const STYLE = `
:root{color-scheme:light dark;--bg:#f8f7f2;--card:#fff;--ink:#131c18;--soft:#56605b;--line:#e2e1da;--accent:#006e46}
@media (prefers-color-scheme:dark){:root{--bg:#0c1210;--card:#151b18;--ink:#ecefed;--soft:#98a29d;--line:#29312d;--accent:#55e3a5}}
*{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:center;padding:24px;background:var(--bg);color:var(--ink);font:16px/1.55 system-ui,sans-serif}
main{width:100%;max-width:440px;background:var(--card);border:1px solid var(--line);border-radius:18px;padding:36px 32px}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 8px}p{margin:0 0 20px;color:var(--soft);overflow-wrap:anywhere;white-space:pre-line}
a{color:var(--accent);font-weight:600}a:focus-visible{outline:2px solid var(--accent);outline-offset:3px;border-radius:4px}
progress{appearance:none;width:100%;height:8px;border:0;border-radius:9px;overflow:hidden;background:var(--line);margin:0 0 14px;display:block}
progress::-webkit-progress-bar{background:var(--line)}progress::-webkit-progress-value{background:var(--accent);transition:width .3s}
progress::-moz-progress-bar{background:var(--accent)}
@media (prefers-reduced-motion:reduce){progress::-webkit-progress-value{transition:none}}`

function render(title: string, content: unknown, nonce: string, script = ''): Page {
  const body = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex"><title>${title}</title><style nonce="${nonce}">${raw(STYLE)}</style></head>
<body><main>${content}</main>${script ? html`<script nonce="${nonce}">${raw(script)}</script>` : ''}</body></html>`
  const policy = [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
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
  return `${message} Try again in ${retryAfterS} ${retryAfterS === 1 ? 'second' : 'seconds'}.`
}

/** A message and one way on. */
export function page({ title, text, link, nonce }: PageText): Page {
  return render(title, html`<h1>${title}</h1><p>${text}</p><a href="${link.href}">${link.text}</a>`, nonce)
}

/** Follows `/.mos/progress` and loads the visited address again as soon as the instance is ready. */
const PROGRESS_SCRIPT = `
const steps = JSON.parse(document.querySelector('main').dataset.steps), names = Object.keys(steps)
const [bar, text] = [document.querySelector('progress'), document.querySelector('[role=status]')]
let retry
const say = (words) => { if (text.textContent !== words) text.textContent = words }
const source = new EventSource('/.mos/progress')
source.onmessage = ({ data }) => {
  const now = JSON.parse(data)
  clearInterval(retry)
  if (now.ready) { bar.value = 1; say('Ready'); source.close(); location.reload(); return }
  if (now.observed === 'stopping') return say('Finishing its last sleep first')
  if (now.error) {
    const tick = () => {
      const s = Math.max(0, Math.ceil((Date.parse(now.nextAttemptAt) - Date.now()) / 1000))
      say(now.error.message + '\\n' + (s > 0 ? 'The next attempt starts in ' + s + ' s.' : 'Trying again…'))
    }
    if (!now.nextAttemptAt) return say(now.error.message)
    tick(); retry = setInterval(tick, 1000); return
  }
  const step = now.step || 'queued'
  bar.value = Math.max(0.08, names.indexOf(step) / (names.length - 1)); say(steps[step])
}
source.addEventListener('end', () => { source.close(); location.reload() })
source.onerror = () => { if (source.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 3000) }`

export function progressPage(o: {
  handle: string
  steps: Record<string, string>
  dashboard: string
  nonce: string
}): Page {
  const title = `Waking ${o.handle}`
  const content = html`<h1>${title}</h1>
<progress max="1" value="0.08" aria-label="Progress"></progress><p role="status">One moment…</p>
<noscript><meta http-equiv="refresh" content="3"></noscript><a href="${o.dashboard}">Open the dashboard</a>`
  const made = render(title, content, o.nonce, PROGRESS_SCRIPT)
  const steps = JSON.stringify(o.steps).replaceAll('&', '&amp;').replaceAll('"', '&quot;')
  return { ...made, body: made.body.replace('<main>', `<main data-steps="${steps}">`) }
}
