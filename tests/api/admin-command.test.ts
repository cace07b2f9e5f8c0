/** `npm run admin`, against an api on a socket of its own: how somebody becomes an administrator, and ceases to be one. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '@matrixos/host/root'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { newPerson } from '../support/administrator.ts'
import { startApi, type TestApi } from '../support/api.ts'
import { refusal } from '../support/api-error.ts'

vi.setConfig({ testTimeout: 60_000 })

let api: TestApi
let stopListening: () => Promise<void>
const runDir = mkdtempSync(join(tmpdir(), 'mos-admin-'))
beforeAll(async () => {
  api = await startApi({ pretended: true })
  stopListening = await api.listenAsService(join(runDir, 'service.sock'))
})
afterAll(async () => {
  await stopListening()
  await api[Symbol.asyncDispose]()
  rmSync(runDir, { recursive: true, force: true })
})

interface Run {
  code: number
  output: string
}

const admin = (args: string[], env: Record<string, string> = {}) =>
  new Promise<Run>((resolve) => {
    const place = { RUN_DIR: runDir, DATA_DIR: api.env.DATA_DIR, EDGE_TOKEN: api.env.EDGE_TOKEN }
    const options = { env: { PATH: process.env.PATH, ...place, ...env } }
    execFile(process.execPath, [join(ROOT, 'scripts/admin.ts'), ...args], options, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), output: `${stdout}${stderr}` }),
    )
  })

const secretIn = ({ output }: Run) => {
  const [, secret = ''] = /http:\/\/app\.localhost:\d+\/admin\/accept#([\w-]{43})\n/.exec(output) ?? []
  expect(secret).toHaveLength(43)
  return secret
}
const isAdmin = async ({ client }: Awaited<ReturnType<typeof newPerson>>) =>
  client.trpc.admin.overview.query().then(
    () => true,
    () => false,
  )

it('makes the first administrator by a link that works once, for that person alone', async () => {
  const [ada, bea] = [await newPerson(api, 'ada'), await newPerson(api, 'bea')]
  expect(await isAdmin(ada)).toBe(false)
  expect((await admin(['list'])).output).toContain('There is no administrator.')
  const secret = secretIn(await admin(['grant', '@Ada']))
  expect((await refusal(bea.client.trpc.admin.accept.mutate({ secret }))).code).toBe('not_found')
  expect((await refusal(api.client().trpc.admin.accept.mutate({ secret }))).code).toBe('unauthorized')
  await ada.client.trpc.admin.accept.mutate({ secret })
  expect([await isAdmin(ada), await isAdmin(bea)]).toEqual([true, false])
  expect((await admin(['list'])).output).toMatch(/^ada +/)
  expect((await refusal(ada.client.trpc.admin.accept.mutate({ secret }))).code).toBe('not_found')
  const { items } = await ada.client.trpc.admin.audit.search.query({ target: 'ada' })
  expect(items.map(({ action, actor }) => [action, actor.handle ?? actor.id])).toEqual([
    ['role_changed', 'ada'],
    ['admin_link_issued', 'server'],
    ['account_created', 'ada'],
  ])
})

it('wants a recent proof, and gives the link an hour', async () => {
  const cal = await newPerson(api, 'cal')
  const secret = secretIn(await admin(['grant', 'cal']))
  api.advance(5 * 60_000 + 1_000)
  expect((await refusal(cal.client.trpc.admin.accept.mutate({ secret }))).code).toBe('step_up_required')
  api.advance(55 * 60_000)
  const dee = await newPerson(api, 'dee')
  const older = secretIn(await admin(['grant', 'dee']))
  const newer = secretIn(await admin(['grant', 'dee']))
  expect((await refusal(dee.client.trpc.admin.accept.mutate({ secret: older }))).code).toBe('not_found')
  api.advance(-3_600_000)
  const late = secretIn(await admin(['grant', 'dee']))
  api.advance(3_600_000)
  const again = await refusal(dee.client.trpc.admin.accept.mutate({ secret: late }))
  expect(again.message).toBe('This link was used, has expired, or is for someone other than dee.')
  expect((await refusal(dee.client.trpc.admin.accept.mutate({ secret: newer }))).code).toBe('not_found')
})

it('takes the role back, which the person’s sessions notice at once', async () => {
  const eve = await newPerson(api, 'eve')
  await eve.client.trpc.admin.accept.mutate({ secret: secretIn(await admin(['grant', 'eve'])) })
  expect(await isAdmin(eve)).toBe(true)
  const open = secretIn(await admin(['grant', 'eve-2']).then(() => admin(['grant', 'bea'])))
  expect(await admin(['revoke', 'eve'])).toMatchObject({
    code: 0,
    output: 'eve is an ordinary member from now on.\n',
  })
  expect(await isAdmin(eve)).toBe(false)
  expect((await refusal(eve.client.trpc.admin.accept.mutate({ secret: open }))).code).toBe('not_found')
})

it('says what is wrong', async () => {
  expect(await admin(['grant', 'nobody'])).toMatchObject({
    code: 1,
    output: expect.stringContaining('Nobody has'),
  })
  expect(await admin(['grant'])).toMatchObject({ code: 1, output: expect.stringContaining('Usage:') })
  expect(await admin(['remove', 'ada'])).toMatchObject({ code: 1, output: expect.stringContaining('Usage:') })
  const elsewhere = await admin(['list'], { RUN_DIR: join(runDir, 'elsewhere') })
  expect(elsewhere).toMatchObject({ code: 1, output: expect.stringContaining('Start it first') })
  const stranger = await admin(['list'], { EDGE_TOKEN: 'x'.repeat(43) })
  expect(stranger).toMatchObject({ code: 1, output: expect.stringContaining('Only the platform itself') })
})
