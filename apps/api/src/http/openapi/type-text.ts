/** A JSON schema as people read it: in the notation of TypeScript. */
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

/** Longer lists of words are cut: the document has them all. */
const MOST_WORDS = 12

const NAMES: Record<string, string> = { integer: 'number', object: 'object' }

function wordsText(words: unknown[]): string {
  const shown = words.slice(0, MOST_WORDS).map((word) => JSON.stringify(word))
  return [...shown, ...(words.length > MOST_WORDS ? ['…'] : [])].join(' | ')
}

function objectText({ properties, required = [], additionalProperties }: Schema, indent: string): string {
  const inner = `${indent}  `
  const fields = Object.entries(properties ?? {}).map(
    ([name, field]) => `${inner}${name}${required.includes(name) ? '' : '?'}: ${typeText(field, inner)}`,
  )
  if (fields.length > 0) return `{\n${fields.join('\n')}\n${indent}}`
  return additionalProperties && typeof additionalProperties === 'object'
    ? `{ [name]: ${typeText(additionalProperties, indent)} }`
    : '{}'
}

export function typeText(found: unknown, indent = ''): string {
  const schema = schemaSchema.parse(found)
  const { $ref, type, anyOf, oneOf, items } = schema
  if ($ref) return $ref.replace(/^.*\//, '')
  if ('const' in schema && schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return wordsText(schema.enum)
  const either = anyOf ?? oneOf
  if (either) return [...new Set(either.map((each) => typeText(each, indent)))].join(' | ')
  if (type === 'object') return objectText(schema, indent)
  if (type === 'array') return `${typeText(items ?? {}, indent)}[]`
  if (Array.isArray(type)) return type.map((each) => NAMES[each] ?? each).join(' | ')
  return type === undefined ? 'anything' : (NAMES[type] ?? type)
}
