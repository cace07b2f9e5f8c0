/** `app.DOMAIN/credits.csv`: all of one's calls as a file, read page by page while it is sent. */
import type { UserId } from '@matrixos/shared'
import { Hono } from 'hono'
import type { Sessions } from '../../auth/sessions/service.ts'
import { AppError } from '../../errors.ts'
import type { AttemptLimit } from '../../limits/attempt-limit.ts'
import type { Log } from '../../log.ts'
import { CSV_HEADER, csvLine } from './csv.ts'
import type { Usage } from './service.ts'

export interface DownloadOptions {
  sessions: Pick<Sessions, 'current'>
  usage: Pick<Usage, 'calls'>
  /** Of one session. */
  limit: AttemptLimit
  log: Log
}

/** Rows of one statement. */
const PAGE = 500
/** A link of the app itself, or typed by a person: instances are same-site, and must not start one. */
const FROM_APP = new Set(['same-origin', 'none'])

export function createDownloads({ sessions, usage, limit, log }: DownloadOptions): Hono {
  const routes = new Hono()
  routes.get('/credits.csv', async (context) => {
    const { headers } = context.req.raw
    if (!FROM_APP.has(headers.get('sec-fetch-site') ?? 'none'))
      throw new AppError('origin_refused', 'Download your calls from the credits page.')
    const principal = await sessions.current(headers)
    if (principal?.how !== 'session') return context.redirect('/login?next=%2Fsettings%2Fcredits', 302)
    await limit.take(principal.sessionId)
    const lines = csvOf(principal.userId, usage)
    // The first page, so that a refusal is an answer and no broken file.
    const first = await lines.next()
    return new Response(streamOf(first, lines, log), {
      headers: {
        'content-type': 'text/csv; charset=utf-8; header=present',
        'content-disposition': 'attachment; filename="ai-credits.csv"',
        'cache-control': 'no-store',
      },
    })
  })
  return routes
}

async function* csvOf(userId: UserId, usage: Pick<Usage, 'calls'>): AsyncGenerator<string, undefined> {
  let text = CSV_HEADER
  for (let cursor: string | undefined; ; ) {
    const page = await usage.calls(userId, { limit: PAGE, ...(cursor && { cursor }) })
    yield text + page.calls.map(csvLine).join('')
    text = ''
    if (page.nextCursor === null) return
    cursor = page.nextCursor
  }
}

/** Breaks off where a page cannot be read: a file that ends too soon must not look complete. */
function streamOf(
  first: IteratorResult<string, undefined>,
  lines: AsyncGenerator<string, undefined>,
  log: Log,
) {
  const encoder = new TextEncoder()
  let next: IteratorResult<string, undefined> | null = first
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = next ?? (await lines.next())
        next = null
        if (done) controller.close()
        else controller.enqueue(encoder.encode(value))
      } catch (error) {
        log.warn({ err: error }, 'a download broke off')
        controller.error(error)
      }
    },
    cancel: async () => void (await lines.return(undefined)),
  })
}
