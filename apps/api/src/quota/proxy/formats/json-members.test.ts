import { expect, test } from 'vitest'
import { topLevelMembers } from './json-members.ts'

const at = (json: string, name: string) => {
  const bytes = Buffer.from(json)
  const member = topLevelMembers(bytes).get(name)
  return member && bytes.toString('utf8', member.start, member.end)
}

test.each([
  ['{"a":1}', '1'],
  [' { "b" : [1, {"a": 2}] , "a" :  12 , "c": null }\n', '12'],
  ['{"b":"\\"a\\":7","a":3}', '3'],
  ['{"b":"\\\\","a":3}', '3'],
  ['{"b":"\\\\\\"","a":{"a":[4]}}', '{"a":[4]}'],
  ['{"ü€😀":"ü€😀","a":"ü"}', '"ü"'],
  ['{"\\u0061":5}', '5'],
  ['{"b":[],"c":{},"a":true}', 'true'],
  ['{"a":[1 , 2 ]  }', '[1 , 2 ]'],
])('finds a member of %s', (json, value) => {
  expect(at(json, 'a')).toBe(value)
})

test('finds nothing in an empty object, and nothing of inner ones', () => {
  expect(topLevelMembers(Buffer.from('{ }')).size).toBe(0)
  expect(at('{"b":{"a":1},"c":[{"a":1}]}', 'a')).toBeUndefined()
})

test.each(['{"a":1,"a":2}', '{"a":1,"b":0,"\\u0061":2}'])(
  'refuses a name that is there twice: %s',
  (json) => {
    expect(() => topLevelMembers(Buffer.from(json))).toThrow(RangeError)
  },
)
