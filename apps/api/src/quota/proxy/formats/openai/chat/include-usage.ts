/** A stream of this protocol says what it used only if it is asked to. */
import { withMember } from '../../json-edit.ts'
import { type Member, topLevelMembers } from '../../json-members.ts'

export const asksForUsage = (request: {
  stream_options?: Record<string, unknown> | null | undefined
}): boolean => request.stream_options?.include_usage === true

/** The same bytes with `stream_options.include_usage: true` in them. */
export function withUsage(body: Buffer, members: ReadonlyMap<string, Member>): Buffer {
  const options = members.get('stream_options')
  const own = options && body.subarray(options.start, options.end)
  // Absent, or null.
  if (!own?.includes('{')) return withMember(body, members, 'stream_options', '{"include_usage":true}')
  return withMember(
    body,
    members,
    'stream_options',
    withMember(own, topLevelMembers(own), 'include_usage', 'true'),
  )
}
