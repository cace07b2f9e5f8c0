/** Values of a JSON object's members, replaced in its bytes: no other byte changes. */
import type { Member } from './json-members.ts'

/** `value` is JSON. A member that is not there yet becomes the first one. `members` are those of `json`. */
export function withMember(
  json: Buffer,
  members: ReadonlyMap<string, Member>,
  name: string,
  value: Buffer | string,
): Buffer {
  const bytes = Buffer.from(value)
  const member = members.get(name)
  if (member) return Buffer.concat([json.subarray(0, member.start), bytes, json.subarray(member.end)])
  const begin = json.indexOf('{') + 1
  const end = members.size > 0 ? ',' : ''
  return Buffer.concat([
    json.subarray(0, begin),
    Buffer.from(`${JSON.stringify(name)}:`),
    bytes,
    Buffer.from(end),
    json.subarray(begin),
  ])
}
