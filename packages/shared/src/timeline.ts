/** What an instance's timeline tells of. */
import { z } from 'zod'

export const INSTANCE_EVENTS = [
  'created',
  'woke',
  'paused',
  'slept',
  'crashed',
  'failed',
  'suspended',
  'resumed',
] as const
export const instanceEventKindSchema = z.enum(INSTANCE_EVENTS)
export type InstanceEventKind = z.infer<typeof instanceEventKindSchema>
