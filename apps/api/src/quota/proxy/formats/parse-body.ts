/** Bodies of requests and answers as JSON: valid, without doubt about a value, and told to the client where they are not. */
import { z } from 'zod'
import { ProxyError } from '../errors.ts'
import { type Member, topLevelMembers } from './json-members.ts'

export interface ParsedBody<T> {
  request: T
  json: unknown
  /** Of the outermost object, in the body's bytes. */
  members: Map<string, Member>
}

/** What the books can hold: databases take no NUL in a text, and no half of a character. */
export const modelSchema = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'Not a name of a model.')

/** As far as a column of the books reaches. */
export const MOST_TOKENS = 2 ** 31 - 1

const invalid = (message: string, cause?: unknown) =>
  new ProxyError('invalid_request_error', message, { cause })

/** Throws a ProxyError for what is no request of this schema. */
export function parseBody<S extends z.ZodType>(schema: S, body: Buffer): ParsedBody<z.infer<S>> {
  let json: unknown
  let members: Map<string, Member>
  try {
    json = JSON.parse(body.toString('utf8'))
    members = topLevelMembers(body)
  } catch (error) {
    throw invalid(error instanceof RangeError ? error.message : 'The request body is not valid JSON.')
  }
  const parsed = schema.safeParse(json)
  if (parsed.success) return { request: parsed.data, json, members }
  const [issue] = parsed.error.issues
  throw invalid(`${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'not valid'}`)
}

/** Blocks in blocks without end would otherwise end in an error that says nothing. */
export function lookedThrough<T>(look: () => T): T {
  try {
    return look()
  } catch (cause) {
    if (cause instanceof ProxyError) throw cause
    throw invalid('The messages are nested too deeply.', cause)
  }
}

/** `null`: it is none. */
export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return null
  }
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
