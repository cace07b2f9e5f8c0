/** `npm run api:types`: writes the types of the public client package anew, after an endpoint has changed. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '@matrixos/host/root'
import { generateTypes } from './api-types/generate.ts'

const file = join(ROOT, 'packages/api-client/src/endpoints.gen.ts')
writeFileSync(file, generateTypes())
console.log(`Wrote ${file}`)
