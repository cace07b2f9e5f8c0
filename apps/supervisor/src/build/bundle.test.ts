import { readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { ROOT } from '@matrixos/host/root'
import { expect, test } from 'vitest'
import { bundleOf, PROGRAM_NAMES } from './programs.ts'

const textOf = (name: (typeof PROGRAM_NAMES)[number]): string =>
  readFileSync(join(ROOT, bundleOf(name)), 'utf8')

/** Packages that a program loads before it does anything; those that it imports when it needs them are not among them. */
const loadedAtOnce = (name: (typeof PROGRAM_NAMES)[number]): string[] =>
  [...textOf(name).matchAll(/^import .*?"([^".][^"]*)";$/gm)]
    .map(([, specifier = '']) => specifier)
    .filter((specifier) => !isBuiltin(specifier))
    .sort()

test('loads nothing that takes megabytes and that many platforms never use', () => {
  expect(Object.fromEntries(PROGRAM_NAMES.map((name) => [name, loadedAtOnce(name)]))).toEqual({
    api: ['@node-rs/argon2', 'pg-boss', 'pino'],
    ai: ['pino'],
    model: [],
    spa: [],
    edge: ['pino'],
  })
})

test('gives the AI proxy no driver but that of the database', () => {
  expect(textOf('ai')).toContain('drizzle')
  expect(textOf('ai')).not.toContain('docker-modem')
})

test('brings the engine’s client without SSH and BuildKit', () => {
  const text = textOf('api')
  expect(text).toContain('docker-modem')
  expect(text).not.toMatch(/require\("(ssh2|@grpc\/.*|protobufjs)"\)/)
})

test('imports nothing that loads Node’s own client along with it', () => {
  const texts = PROGRAM_NAMES.map((name) => readFileSync(join(ROOT, bundleOf(name)), 'utf8'))
  expect(texts.filter((text) => /^import .*"(node:)?http";$/m.test(text))).toEqual([])
  expect(texts.join()).toContain('getBuiltinModule("node:http")')
})
