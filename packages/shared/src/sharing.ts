/** Sharing an instance: who may see it besides its owner. */
import { z } from 'zod'
import { idSchema } from './ids.ts'
import { observedSchema } from './lifecycle.ts'

/** Somebody whom an owner lets see their instance. */
export const viewerViewSchema = z.object({
  handle: z.string(),
  displayName: z.string(),
  canUseNotes: z.boolean(),
  since: z.iso.datetime(),
})
export type ViewerView = z.infer<typeof viewerViewSchema>

/** Somebody else's instance that one may see. */
export const sharedInstanceViewSchema = z.object({
  instanceId: idSchema('ins'),
  handle: z.string(),
  displayName: z.string(),
  url: z.url(),
  observed: observedSchema,
  canUseNotes: z.boolean(),
  since: z.iso.datetime(),
})
export type SharedInstanceView = z.infer<typeof sharedInstanceViewSchema>
