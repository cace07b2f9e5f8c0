import { expect, test } from 'vitest'
import { withMember } from './json-edit.ts'
import { topLevelMembers } from './json-members.ts'

test.each([
  ['{"a" : 1 , "b":2}', '{"a" : 9 , "b":2}'],
  ['{"b":{"a":1},"a":null}', '{"b":{"a":1},"a":9}'],
  [' { "ü":"{\\"a\\":1" } ', ' {"a":9, "ü":"{\\"a\\":1" } '],
  ['{}', '{"a":9}'],
  ['{ }', '{"a":9 }'],
])('sets a member of %s, and changes no other byte', (json, changed) => {
  const bytes = Buffer.from(json)
  expect(withMember(bytes, topLevelMembers(bytes), 'a', '9').toString()).toBe(changed)
})
