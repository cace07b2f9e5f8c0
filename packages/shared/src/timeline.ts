/** What an instance's timeline tells of. */
import { z } from 'zod'

export const INSTANCE_EVENTS = [
  'created',
  'woke',
  'paused',
  'slept',
  'crashed',
  'failed',
  'restarted',
  'out_of_memory',
  'disk_filling',
  'disk_full',
  'disk_has_room',
  'throttled',
  'unthrottled',
  'program_denied',
  'suspended',
  'resumed',
  'upgraded',
  'rolled_back',
  'archived',
  'restored',
  'deletion_requested',
  'deletion_undone',
] as const
export const instanceEventKindSchema = z.enum(INSTANCE_EVENTS)
export type InstanceEventKind = z.infer<typeof instanceEventKindSchema>
