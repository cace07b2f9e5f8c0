import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { LIMITS } from './defaults.ts'

const guide = readFileSync(join(import.meta.dirname, '../../../../deploy/README.md'), 'utf8')

it.each(Object.entries(LIMITS))('documents %s with its default', (name, schema) => {
  expect(guide).toContain(`| \`${name}\` | ${schema.parse(undefined)} |`)
})
