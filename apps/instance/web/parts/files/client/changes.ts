/** Tells when a folder or file changed, whoever changed it: one connection for all that is looked at. */
import * as z from 'zod/mini'
import { FILES_SOCKET_PATH, WATCHED_AT_MOST } from '../../../../src/files/api/protocol.ts'
import { type OwnLink, openLink } from '../../../shell/connection/links.ts'

const event = z.discriminatedUnion('type', [
  z.object({ type: z.literal('pong') }),
  z.object({ type: z.literal('watching') }),
  z.object({ type: z.literal('changed'), path: z.string() }),
])

const watched = new Map<string, Set<() => void>>()
let link: OwnLink | null = null
let isAsking = false
/** Whether changes may have been missed since the last answer. */
let wasAway = false

const tell = (path: string) => {
  for (const listener of watched.get(path) ?? []) listener()
}

function receive(message: unknown): void {
  const heard = z.safeParse(event, message)
  if (!heard.success) return
  if (heard.data.type === 'changed') tell(heard.data.path)
  if (heard.data.type !== 'watching' || !wasAway) return
  wasAway = false
  for (const path of watched.keys()) tell(path)
}

/** Many parts of the page come and go at once: one request says it for all of them. */
function askSoon(): void {
  if (isAsking) return
  isAsking = true
  queueMicrotask(() => {
    isAsking = false
    if (watched.size === 0) {
      link?.end()
      link = null
    } else if (link) {
      // What was opened last matters most.
      link.send({ type: 'watch', paths: [...watched.keys()].slice(-WATCHED_AT_MOST) })
    } else {
      let wasOpen = false
      link = openLink({
        path: () => FILES_SOCKET_PATH,
        onMessage: receive,
        onState: (state) => {
          if (state === 'open') {
            wasOpen = true
            askSoon()
            // A connection that had died unnoticed is replaced at once.
          } else if (state !== 'connecting' || wasOpen) wasAway = true
        },
      })
    }
  })
}

/** Returns the end of it. `onChange` is also called when something may have been missed. */
export function watchPath(path: string, onChange: () => void): () => void {
  const listeners = watched.get(path) ?? new Set()
  if (listeners.size === 0) {
    watched.set(path, listeners)
    askSoon()
  }
  listeners.add(onChange)
  return () => {
    listeners.delete(onChange)
    if (listeners.size > 0 || watched.get(path) !== listeners) return
    watched.delete(path)
    askSoon()
  }
}
