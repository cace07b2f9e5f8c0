/** A JSON schema in the notation of TypeScript: for people on the reference page, and for the types of the client package. */
import { z } from 'zod'

const schemaSchema = z.object({
  $ref: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
  items: z.unknown().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  additionalProperties: z.unknown().optional(),
})
type Schema = z.infer<typeof schemaSchema>

export interface TypeTextOptions {
  indent?: string
  /** Also lists of words that are too long to be read. */
  isWhole?: boolean
}

const MOST_WORDS = 12
const NAMES: Record<string, string> = { integer: 'number' }
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/

const quoted = (word: unknown): string =>
  typeof word === 'string' ? `'${word.replaceAll("'", "\\'")}'` : JSON.stringify(word)

function wordsText(words: unknown[], isWhole: boolean): string {
  const shown = isWhole ? words : words.slice(0, MOST_WORDS)
  return [...shown.map(quoted), ...(shown.length < words.length ? ['…'] : [])].join(' | ')
}

function objectText(schema: Schema, { indent = '', isWhole = false }: TypeTextOptions): string {
  const { properties = {}, required = [], additionalProperties } = schema
  const inner = `${indent}  `
  const fields = Object.entries(properties).map(([name, field]) => {
    const key = IDENTIFIER.test(name) ? name : quoted(name)
    return `${inner}${key}${required.includes(name) ? '' : '?'}: ${typeText(field, { indent: inner, isWhole })}`
  })
  if (fields.length > 0) return `{\n${fields.join('\n')}\n${indent}}`
  return additionalProperties && typeof additionalProperties === 'object'
    ? `{ [name: string]: ${typeText(additionalProperties, { indent, isWhole })} }`
    : 'object'
}

export function typeText(found: unknown, options: TypeTextOptions = {}): string {
  const schema = schemaSchema.parse(found)
  const { $ref, type, anyOf, oneOf, items } = schema
  if ($ref) return $ref.replace(/^.*\//, '')
  if (schema.const !== undefined) return quoted(schema.const)
  if (schema.enum) return wordsText(schema.enum, options.isWhole ?? false)
  const either = anyOf ?? oneOf
  if (either) return [...new Set(either.map((each) => typeText(each, options)))].join(' | ')
  if (type === 'object') return objectText(schema, options)
  if (type === 'array') {
    const item = typeText(items ?? {}, options)
    return item.includes(' | ') ? `(${item})[]` : `${item}[]`
  }
  if (Array.isArray(type)) return type.map((each) => NAMES[each] ?? each).join(' | ')
  return type === undefined ? 'unknown' : (NAMES[type] ?? type)
}
