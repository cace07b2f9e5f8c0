/** The endpoints of a router, as its procedures declare them; nothing is called. */
import { z } from 'zod'
import type { Endpoint } from '../endpoint.ts'
import type { Meta } from '../trpc.ts'

export interface DeclaredEndpoint extends Endpoint {
  /** The procedure's name in the router: `tenants.mine`. */
  procedure: string
  access: Meta['access']
  input: z.ZodObject
  output: z.ZodType
  /** Keys of the input that stand in the path. */
  pathKeys: readonly string[]
}

const isObject = (value: unknown): value is z.ZodObject => value instanceof z.ZodObject
const metaSchema = z.custom<Meta>((value) => typeof value === 'object' && value !== null)

/** What tRPC keeps of a procedure, as far as endpoints want it. */
const procedureSchema = z.object({
  type: z.enum(['query', 'mutation', 'subscription']),
  meta: metaSchema.optional(),
  inputs: z.array(z.unknown()),
  output: z.custom<z.ZodType>((value) => value instanceof z.ZodType).optional(),
})

const pathKeysOf = (path: string): string[] => [...path.matchAll(/\{(\w+)\}/g)].map(([, key = '']) => key)

/**
 * Throws for an endpoint that could not be described: without an object as input, without an output, with a key in its
 * path that its input lacks, or at the place of another.
 */
export function endpointsOf({ _def }: { _def: { procedures: object } }): DeclaredEndpoint[] {
  const places = new Set<string>()
  return Object.entries(_def.procedures).flatMap(([procedure, { _def: kept }]) => {
    const { type, meta, inputs, output } = procedureSchema.parse(kept)
    if (!meta?.openapi) return []
    const { openapi, access } = meta
    const input = inputs.length === 0 ? z.object({}) : inputs[0]
    const pathKeys = pathKeysOf(openapi.path)
    const wrong = (why: string) => new Error(`${procedure}: ${why}`)
    if (type === 'subscription') throw wrong('a subscription cannot be an endpoint')
    if (inputs.length > 1 || !isObject(input)) throw wrong('the input of an endpoint is one object')
    if (!output) throw wrong('an endpoint names its output')
    for (const key of pathKeys) if (!(key in input.shape)) throw wrong(`the input lacks "${key}"`)
    const place = `${openapi.method} ${openapi.path.replace(/\{\w+\}/g, '{}')}`
    if (places.has(place)) throw wrong(`${place} is taken`)
    places.add(place)
    return [{ ...openapi, procedure, access, input, output, pathKeys }]
  })
}
