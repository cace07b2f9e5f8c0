/** Caddy's own shapes, as far as they are written here. */

export type Handler = Record<string, unknown> & { handler: string }

export interface CaddyRoute {
  '@id'?: string
  match?: Array<Record<string, unknown>>
  handle: Array<Record<string, unknown>>
  terminal?: boolean
}
