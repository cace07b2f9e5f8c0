/** Where the members of a JSON object are in its bytes, so that one value can be replaced and no other byte changes. */

const QUOTE = 0x22
const COMMA = 0x2c
const BACKSLASH = 0x5c
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
/** White space of JSON is all up to here, and nothing else outside of strings is. */
const SPACE = 0x20

/** First byte of a value, and the first one after it. */
export interface Member {
  start: number
  end: number
}

/** Whether the quote at `at` is a part of its string. */
export function isEscaped(json: Buffer, at: number): boolean {
  let slashes = 0
  while (json[at - 1 - slashes] === BACKSLASH) slashes++
  return slashes % 2 === 1
}

/** First byte after the string that begins at `at`. */
function stringEnd(json: Buffer, at: number): number {
  let end = json.indexOf(QUOTE, at + 1)
  while (end !== -1 && isEscaped(json, end)) end = json.indexOf(QUOTE, end + 1)
  return end === -1 ? json.length : end + 1
}

/**
 * Of the outermost object. `json` must be valid (`JSON.parse` took it). Throws a RangeError if a name is there twice:
 * two readers could take two different values for it.
 */
export function topLevelMembers(json: Buffer): Map<string, Member> {
  const members = new Map<string, Member>()
  let depth = 0
  let awaits: 'name' | 'colon' | 'value' = 'name'
  let name = ''
  let member: Member | null = null
  for (let at = 0, next = 0; at < json.length; at = next) {
    const byte = json[at] ?? SPACE
    next = byte === QUOTE ? stringEnd(json, at) : at + 1
    if (byte <= SPACE) continue
    if (depth === 1 && (byte === COMMA || byte === CLOSE_BRACE)) {
      if (member && members.has(name)) throw new RangeError(`The member ${name} is there twice.`)
      if (member) members.set(name, member)
      member = null
      awaits = 'name'
    } else if (depth === 1 && awaits === 'name') {
      name = String(JSON.parse(json.toString('utf8', at, next)))
      awaits = 'colon'
    } else if (depth === 1 && awaits === 'colon') awaits = 'value'
    else if (member) member.end = next
    else if (depth === 1) member = { start: at, end: next }
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++
    if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth--
  }
  return members
}
