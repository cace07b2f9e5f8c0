/** Where Matrix clients and servers find the homeserver of this domain: `/.well-known/matrix/*`. */
import type { Hosts } from '@matrixos/shared'
import { Hono } from 'hono'

export interface WellKnownOptions {
  hosts: Pick<Hosts, 'domain' | 'matrix' | 'protocol'>
  /** Where people's own clients reach it; `null`: there is none. */
  homeserverUrl: string | null
  /** Whether other homeservers may find it. */
  federates: boolean
}

const KEPT_S = 3600

/** Only at the domain itself; elsewhere it is a path as any. */
export function createWellKnown({ hosts, homeserverUrl, federates }: WellKnownOptions): Hono {
  const app = new Hono()
  const tell = (path: string, answer: object | null) =>
    app.get(path, (context, next) => {
      const isHere = new URL(context.req.url).hostname.toLowerCase() === hosts.domain
      if (!isHere) return next()
      // Clients in browsers ask from pages of their own.
      context.header('Access-Control-Allow-Origin', '*')
      context.header('Cache-Control', answer ? `public, max-age=${KEPT_S}` : 'no-store')
      return Promise.resolve(answer ? context.json(answer) : context.json({ errcode: 'M_NOT_FOUND' }, 404))
    })
  const isOn = homeserverUrl !== null
  tell('/.well-known/matrix/client', isOn ? { 'm.homeserver': { base_url: homeserverUrl } } : null)
  tell('/.well-known/matrix/server', isOn && federates ? { 'm.server': `${hosts.matrix}:443` } : null)
  return app
}
