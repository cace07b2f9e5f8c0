/** The examples for third parties, as somebody would run them: in TypeScript, Python and with curl. */
import { ApiProblem, createApi } from '@matrixos/api-client'
import { signUp } from '@matrixos/client'
import { findOnPath } from '@matrixos/host/parts'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Address, addressOf } from '../support/address.ts'
import { startApi, type TestApi } from '../support/api.ts'
import { startProgram } from '../support/program.ts'

let api: TestApi
let address: Address
let env: { MATRIXOS_API: string; MATRIXOS_TOKEN: string }
beforeAll(async () => {
  api = await startApi()
  const client = api.client()
  await signUp({ client, authenticator: createAuthenticator(), handle: 'ada' })
  const scopes = ['tenant:read', 'tenant:control', 'quota:read'] as const
  const { token } = await client.trpc.tokens.create.mutate({ name: 'examples', scopes: [...scopes] })
  address = await addressOf(client.hosts.apiOrigin)
  env = { MATRIXOS_API: address.url, MATRIXOS_TOKEN: token }
}, 120_000)
afterAll(async () => {
  await address?.[Symbol.asyncDispose]()
  await api?.[Symbol.asyncDispose]()
})

const FOLDER = 'packages/api-client/examples'
const python = findOnPath('python3')
const bash = findOnPath('bash')
const curl = findOnPath('curl')

async function linesOf(file: string, interpreter?: string): Promise<string[]> {
  await using program = startProgram(`${FOLDER}/${file}`, env, interpreter)
  expect(await program.ended, program.output()).toBe(0)
  return program.output().trim().split('\n')
}

it('run in TypeScript', async () => {
  expect(await linesOf('computer.ts')).toEqual([
    expect.stringMatching(/^1 computers, [01] of them awake$/),
    'ada is to be awake',
    '404 not_found',
  ])
})

it.skipIf(!python)('run in Python', async () => {
  const [stats, ...rest] = await linesOf('computer.py', python ?? '')
  expect(stats).toMatch(/^1 computers, [01] of them awake$/)
  expect(rest).toEqual(['ada is to be awake', '404 not_found'])
})

it.skipIf(!bash || !curl)('run with curl', async () => {
  const [stats, woken] = await linesOf('computer.sh', bash ?? '')
  expect(stats).toContain('"instances":1')
  expect(woken).toBe('"desired":"awake"')
})

it('says in the package’s own words what was refused', async () => {
  const call = createApi({ url: address.url }).call('GET /computer')
  await expect(call).rejects.toBeInstanceOf(ApiProblem)
  await expect(call).rejects.toMatchObject({ status: 401, code: 'unauthorized' })
})
