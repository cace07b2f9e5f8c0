/** What an instance's timeline tells of. */
import { z } from 'zod'
import { idSchema } from './ids.ts'

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
  'archive_soon',
  'archived',
  'restored',
  'export_ready',
  'deletion_requested',
  'deletion_undone',
] as const
export const instanceEventKindSchema = z.enum(INSTANCE_EVENTS)
export type InstanceEventKind = z.infer<typeof instanceEventKindSchema>

/** What an owner may want to see alone: what went wrong, or when it slept and woke. */
export const EVENT_FILTERS = {
  problems: [
    ...(['crashed', 'failed', 'out_of_memory', 'disk_filling', 'disk_full'] as const),
    ...(['throttled', 'program_denied', 'suspended', 'rolled_back'] as const),
  ],
  sleep: ['woke', 'paused', 'slept', 'archive_soon', 'archived', 'restored'],
} as const satisfies Record<string, readonly InstanceEventKind[]>

export const timelineQuerySchema = z.object({
  instanceId: idSchema('ins'),
  filter: z.enum(['problems', 'sleep']).optional(),
  /** The last event of the page before. */
  cursor: z.number().int().positive().optional(),
  limit: z.number().int().min(1).max(100).default(30),
})
export type TimelineQuery = z.output<typeof timelineQuerySchema>
