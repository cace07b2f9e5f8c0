/** From a request of plain HTTP to the input of a procedure. What it may be, the procedure's own schema decides. */
import { z } from 'zod'
import { AppError } from '../../errors.ts'
import type { DeclaredEndpoint } from './endpoints.ts'

type Reader = (values: string[]) => unknown

const NUMBER = /^-?(0|[1-9]\d{0,15})(\.\d+)?$/
const numberOf = (text: string): unknown => (NUMBER.test(text) ? Number(text) : text)
const booleanOf = (text: string): unknown => (text === 'true' || text === 'false' ? text === 'true' : text)

/** Texts that cannot be read stay texts, which the schema then refuses in its own words. */
function readerOf(schema: z.ZodType): Reader {
  const { type } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  if (type === 'array') return (values) => values
  const one = type === 'number' || type === 'integer' ? numberOf : type === 'boolean' ? booleanOf : String
  return (values) => (values.length === 1 ? one(values[0] ?? '') : values)
}

const JSON_TYPE = /^application\/json\s*(;|$)/i

async function bodyOf(request: Request): Promise<object> {
  const text = await request.text()
  if (text === '') return {}
  if (!JSON_TYPE.test(request.headers.get('content-type') ?? ''))
    throw new AppError('invalid_input', 'Send JSON (content-type: application/json).')
  const parsed = z.record(z.string(), z.unknown()).safeParse(parse(text))
  if (!parsed.success) throw new AppError('invalid_input', 'Send a JSON object.')
  return parsed.data
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** `params`: what stands in the path. Throws `invalid_input` for a body that is no JSON object. */
export function createInputReader({
  input,
  method,
  pathKeys,
}: Pick<DeclaredEndpoint, 'input' | 'method' | 'pathKeys'>) {
  const readers = new Map(Object.entries(input.shape).map(([key, schema]) => [key, readerOf(schema)]))
  return async (request: Request, params: Record<string, string>): Promise<object> => {
    const given: [string, unknown][] = []
    for (const key of pathKeys) given.push([key, readers.get(key)?.([params[key] ?? ''])])
    if (method !== 'GET') return { ...(await bodyOf(request)), ...Object.fromEntries(given) }
    const query = new URL(request.url).searchParams
    for (const [key, read] of readers)
      if (query.has(key) && !pathKeys.includes(key)) given.push([key, read(query.getAll(key))])
    return Object.fromEntries(given)
  }
}
