/** What nobody needs any more does not pile up: it goes by itself while the api runs. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { signUp } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { sql } from 'drizzle-orm'
import { expect, it, onTestFinished } from 'vitest'
import { auditLog, sessions } from '../../apps/api/src/db/schema/index.ts'
import { startApi } from '../support/api.ts'

it('forgets expired sessions and old refusals of logins', async () => {
  const DATA_DIR = mkdtempSync(join(tmpdir(), 'mos-tidy-'))
  onTestFinished(() => rmSync(DATA_DIR, { recursive: true, force: true }))
  const entry = { actor: 'anonymous', action: 'login_refused', target: 'unknown', address: '192.0.2.1' }
  {
    await using api = await startApi({ pretended: true, env: { DATA_DIR } })
    await signUp({ client: api.client(), authenticator: createAuthenticator(), handle: 'tidy' })
    const { db } = api.database
    await db.update(sessions).set({ expiresAt: sql`now() - interval '1 second'` })
    await db.insert(auditLog).values({ ...entry, at: new Date(Date.now() - 31 * 86_400_000), detail: {} })
  }
  await using api = await startApi({ pretended: true, env: { DATA_DIR } })
  const { db } = api.database
  const left = async () => [
    ...(await db.select().from(sessions)),
    ...(await db.query.auditLog.findMany({ where: (row, { eq }) => eq(row.action, 'login_refused') })),
  ]
  await expect.poll(left).toEqual([])
  expect(await db.query.auditLog.findMany()).not.toEqual([])
}, 120_000)
