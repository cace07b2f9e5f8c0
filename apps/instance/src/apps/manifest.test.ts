import { expect, test } from 'vitest'
import { isAppPath, isIconFile, parseManifest } from './manifest.ts'

test('fills in what need not be said', () => {
  expect(parseManifest('{"name": " Hello ", "theme": "kept by somebody else"}')).toEqual({
    manifest: { name: 'Hello', entry: 'index.html', visitors: { kv: 'read', files: 'none' } },
    problem: null,
  })
  expect(parseManifest('{"name":"A","visitors":{"kv":"write"}}').manifest?.visitors).toEqual({
    kv: 'write',
    files: 'none',
  })
})

test.each([
  ['{"name": "Hello"', /^app\.json is not valid JSON: .+\.$/],
  ['[]', 'app.json: it has to be an object, such as {"name": "Hello"}.'],
  ['{}', 'app.json: name has to be text.'],
  ['{"name": ""}', 'app.json: name is empty.'],
  ['{"name": "A", "entry": "../x.html"}', /entry has to be a file in the app’s own folder/],
  ['{"name": "A", "server": "node x"}', 'app.json: server has to hold a command.'],
  ['{"name": "A", "visitors": {"kv": "all"}}', 'app.json: visitors.kv has to be one of none, read, write.'],
  [
    '{"name": "A", "icon": 3, "description": false}',
    'app.json: icon has to be text; description has to be text.',
  ],
])('says what is wrong with %s', (written, problem) => {
  const read = parseManifest(written)
  expect(read.manifest).toBeNull()
  expect(read.problem).toEqual(problem instanceof RegExp ? expect.stringMatching(problem) : problem)
})

test.each(['', '/x', 'a//b', '../x', 'a/../b', '.env', 'a/.git/config', 'a\\b', 'a\0'])(
  'takes %j for no path of an app',
  (path) => expect(isAppPath(path)).toBe(false),
)

test('tells a picture from an emoji', () => {
  expect(isIconFile('img/icon.png')).toBe(true)
  expect(isIconFile('🎲')).toBe(false)
  expect(isIconFile('../icon.png')).toBe(false)
})
