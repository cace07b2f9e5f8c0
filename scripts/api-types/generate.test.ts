import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '@matrixos/host/root'
import { expect, it } from 'vitest'
import { generateTypes } from './generate.ts'

it('finds the types of the public client package as the api declares its endpoints', () => {
  const kept = readFileSync(join(ROOT, 'packages/api-client/src/endpoints.gen.ts'), 'utf8')
  expect(kept === generateTypes(), 'npm run api:types writes them anew').toBe(true)
})
