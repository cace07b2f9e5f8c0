/** What a person sees while an instance starts, or waits for room, or when it could not be started: live, until it is ready. */
import { FILES_SAFE } from '@matrixos/shared'
import { html } from 'hono/html'
import { mark } from './page-style.ts'
import { type Page, render } from './pages.ts'
import type { Progress } from './progress.ts'

/**
 * Follows `/.mos/progress` and loads the visited address again as soon as the instance is ready. The same words as
 * the server's for a page without script.
 */
const SCRIPT = `
const main = document.querySelector('main'), page = JSON.parse(main.dataset.page), names = Object.keys(page.steps)
const find = (selector) => main.querySelector(selector)
const [title, text, next, details] = ['h1', '[role=status]', '.small', 'details'].map(find)
const dots = [...main.querySelectorAll('circle')]
let timer, last
const say = (element, words) => { if (element.textContent !== words) element.textContent = words }
function tick(at) {
  const s = Math.max(0, Math.ceil((Date.parse(at) - Date.now()) / 1000))
  say(next, s > 0 ? 'Next attempt in ' + s + ' s.' : 'Trying again…')
}
function light(step) {
  const lit = Math.round(names.indexOf(step) / (names.length - 1) * dots.length)
  dots.forEach((dot, i) => { dot.classList.toggle('on', i < lit); dot.classList.toggle('next', i === lit) })
}
function show(news) {
  clearInterval(timer)
  // A new attempt is no success yet: what failed before is shown until one is.
  const now = { ...news, error: news.error ?? last }
  last = now.error
  const isWaiting = now.error?.code === 'capacity', isFailed = now.error && !isWaiting
  const kind = isFailed ? 'failed' : isWaiting ? 'waiting' : now.isFirstStart ? 'first' : 'wake'
  const words = page.titles[kind]
  say(title, words); document.title = words + ' · Matrix OS'
  main.dataset.state = isFailed ? 'failed' : 'busy'
  details.hidden = !now.error?.detail
  say(find('pre'), now.error?.detail ?? '')
  if (!isFailed) light(isWaiting ? 'queued' : now.step || 'queued')
  if (now.error) {
    const { message } = now.error
    say(text, isWaiting || message.includes(page.safe) ? message : message + ' ' + page.safe)
    if (now.line) { say(next, now.line); return }
    tick(now.nextAttemptAt); timer = setInterval(tick, 1000, now.nextAttemptAt)
    return
  }
  say(text, now.observed === 'stopping' ? page.stopping : page.steps[now.step || 'queued']); say(next, '')
}
show(page.now)
const source = new EventSource('/.mos/progress')
source.onmessage = ({ data }) => {
  const now = JSON.parse(data)
  if (now.ready) { source.close(); location.reload(); return }
  show(now)
}
source.addEventListener('end', () => { source.close(); location.reload() })
source.onerror = () => { if (source.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 3000) }`

export interface ProgressPageOptions {
  handle: string
  now: Progress
  steps: Record<string, string>
  dashboard: string
  nonce: string
  framedBy: string | null
}

const SAFE = FILES_SAFE

/** A failure's message, which says once that files are safe; nobody who only waits doubts it. */
const explain = ({ code, message }: NonNullable<Progress['error']>): string =>
  code === 'capacity' || message.includes(SAFE) ? message : `${message} ${SAFE}`

/** The title says what happens: a first start, a wake, a wait for room, or a failure. */
export function progressPage(options: ProgressPageOptions): Page {
  const { handle, now, steps, dashboard, nonce, framedBy } = options
  const titles = {
    first: `Setting up ${handle}`,
    wake: `Waking ${handle}`,
    waiting: `${handle} is waiting for room`,
    failed: `${handle} could not be started`,
  }
  const isWaiting = now.error?.code === 'capacity'
  const isFailed = now.error !== undefined && !isWaiting
  const kind = isFailed ? 'failed' : isWaiting ? 'waiting' : now.isFirstStart ? 'first' : 'wake'
  const title = titles[kind]
  const text = now.error ? explain(now.error) : steps[now.step ?? 'queued']
  const detail = now.error?.detail
  const content = html`${mark('progress')}<h1>${title}</h1><p role="status">${text}</p><p class="small">${now.line ?? ''}</p>
<noscript><meta http-equiv="refresh" content="3"></noscript><a class="button" href="${dashboard}">Open the dashboard</a>
${detail ? html`<details>` : html`<details hidden>`}<summary>Details</summary><pre>${detail ?? ''}</pre></details>`
  const data = { titles, steps, safe: SAFE, stopping: 'Going to sleep first, then waking', now }
  return render({
    title,
    content,
    state: { name: isFailed ? 'failed' : 'busy', data },
    nonce,
    framedBy,
    script: SCRIPT,
  })
}
