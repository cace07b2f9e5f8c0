/**
 * Passes: the gate's answer to an owner's request, remembered for a few seconds where Caddy itself can see it. The value
 * of the cookie says who and where to; it counts only while a file of that very name is there, in the folder of that
 * very host.
 */
import { z } from 'zod'

/** In `RUN_DIR`: a folder for each host, in it an empty file for each pass. */
export const PASS_FOLDER = 'pass'
export const PASS_COOKIE = '__Host-mos_pass'

/** Seconds that a pass may count before its holder is checked again. `0`: none are given. */
export const PASS_S = z.coerce.number().int().min(0).max(60).default(10)

export const PASS_HEADERS = {
  /** In the edge's question: `1`, it looks at passes. */
  wanted: 'x-mos-passes',
  /** In the gate's answer: a `Set-Cookie` for the client, where it should have another pass than it has. */
  cookie: 'x-mos-pass',
} as const

/** Captures handle, user id, address and port. In the dialect that RE2 and JavaScript share. */
export const PASS_PATTERN =
  '^[A-Za-z0-9_-]{43}\\.([a-z][a-z0-9-]{1,31})\\.(usr_[0-9a-z]{26})\\.(\\d{1,3}(?:\\.\\d{1,3}){3})-(\\d{1,5})$'

const pattern = new RegExp(PASS_PATTERN)

export interface PassParts {
  /** 43 characters of base64url. */
  secret: string
  handle: string
  userId: string
  host: string
  port: number
}

/** `null`: nothing that Caddy could read, such as the address of an instance that is no IPv4 one. */
export function passValue({ secret, handle, userId, host, port }: PassParts): string | null {
  const value = `${secret}.${handle}.${userId}.${host}-${port}`
  return pattern.test(value) ? value : null
}
