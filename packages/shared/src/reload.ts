/** How a page that says "not now" finds out that it is over: the gate's pages and the edge's do the same. */
import { PLATFORM_PATH } from './platform-paths.ts'

/** The longest that one question may take: a part that hangs says nothing at all. */
const QUESTION_MS = 10_000

/**
 * A script that loads the visited address again once the platform answers, and that makes no other request meanwhile.
 * The path is the one that pages of instances follow; on the platform's other hosts it is as good as any.
 */
export const reloadScript = (pauseS: number): string => `
function wait() { setTimeout(ask, ${pauseS * 1000}) }
async function ask() {
  const over = new AbortController(), late = setTimeout(() => over.abort(), ${QUESTION_MS})
  try {
    const { status } = await fetch('${PLATFORM_PATH}progress', { cache: 'no-store', redirect: 'manual', signal: over.signal })
    if (status === 502 || status === 503 || status === 504) wait()
    else location.reload()
  } catch { wait() }
  clearTimeout(late)
  over.abort()
}
wait()`
