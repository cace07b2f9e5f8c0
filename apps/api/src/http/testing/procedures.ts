/** A router's procedures as they declare themselves; nothing is called. */
import { z } from 'zod'
import type { Meta } from '../trpc.ts'

export interface DeclaredProcedure {
  path: string
  type: 'query' | 'mutation' | 'subscription'
  access: Meta['access'] | 'undeclared'
}

const procedureSchema = z.object({
  _def: z.object({
    type: z.enum(['query', 'mutation', 'subscription']),
    meta: z.object({ access: z.custom<Meta['access']>((value) => typeof value === 'string') }).optional(),
  }),
})

export const proceduresOf = ({ _def }: { _def: { procedures: object } }): DeclaredProcedure[] =>
  Object.entries(_def.procedures).map(([path, procedure]) => {
    // Procedures are functions; only what hangs on them is of interest.
    const { type, meta } = procedureSchema.parse({ _def: procedure._def })._def
    return { path, type, access: meta?.access ?? 'undeclared' }
  })
