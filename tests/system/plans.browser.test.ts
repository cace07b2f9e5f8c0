/** Plans as an administrator makes them and an owner meets them: in Chromium, with real containers. */
import { signUp, waitUntilRunning } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { describeReal } from '@matrixos/testing/describe-real'
import type { PlatformClient } from '@matrixos/testing/platform-client'
import { until } from '@matrixos/testing/until'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { violationsOf } from '../support/axe.ts'
import { launchChromium, type Person, settled, visit } from '../support/chromium.ts'
import { bootStack, type Stack } from '../support/stack.ts'
import { engine, testContainers } from '../support/test-engine.ts'

const MIB = 1_048_576

describeReal(['chromium', 'docker', 'caddy', 'postgres'], 'plans', () => {
  let stack: Stack
  let chromium: Awaited<ReturnType<typeof launchChromium>>
  let person: Person
  let client: PlatformClient
  let sql: postgres.Sql
  beforeAll(async () => {
    stack = await bootStack({ parts: 'real', env: { USAGE_SAMPLE_S: '1', CPU_BURN_S: '4' } })
    sql = postgres(stack.databaseUrl ?? '', { max: 1 })
    client = stack.client()
    await signUp({ client, authenticator: createAuthenticator(), handle: 'carla' })
    await waitUntilRunning(client)
    await sql`update users set role = 'admin' where handle = 'carla'`
    // What a session may do is remembered for a moment, and a page that is refused asks no more.
    await until('she is an administrator', () =>
      client.trpc.admin.plans.list.query().then(
        () => true,
        () => false,
      ),
    )
    chromium = await launchChromium()
    person = await chromium.newPerson('plans')
    const cookies = client.browser.jar.all().map(({ host, name, value, path, httpOnly, secure }) => ({
      ...{ name, value, domain: host, path, httpOnly, secure },
      sameSite: 'Lax' as const,
    }))
    await person.context.addCookies(cookies)
  }, 300_000)
  afterAll(async () => {
    await chromium?.[Symbol.asyncDispose]()
    await sql?.end()
    await stack?.[Symbol.asyncDispose]()
  })
  const app = (path = '/') => `${stack.hosts.appOrigin}${path}`

  async function limitsOf() {
    const [row] = await testContainers(stack.name)
    if (!row) throw new Error('There is no container.')
    const { HostConfig } = await engine().getContainer(row.Id).inspect()
    return { memory: HostConfig.Memory, pids: HostConfig.PidsLimit, quota: HostConfig.CpuQuota }
  }

  async function shows(name: string) {
    await person.picture(name)
    expect(await violationsOf(person.page)).toEqual([])
  }

  it('makes a plan, and says of a wrong field what is wrong', async () => {
    const { page } = person
    await visit(page, app('/admin/plans'))
    await page.getByRole('heading', { level: 1, name: 'Plans' }).waitFor()
    await page.getByText('Standard', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Create plan' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('Large')
    await dialog.getByLabel('Key').fill('large')
    await dialog.getByLabel('Memory', { exact: true }).fill('a lot')
    await dialog.getByRole('button', { name: 'Create plan' }).click()
    await dialog.getByText('A number, in MiB.').waitFor()
    await shows('1-create')
    await dialog.getByLabel('Memory', { exact: true }).fill('768')
    await dialog.getByLabel('Processes').fill('300')
    await dialog.getByLabel('CPU at most').fill('1.5')
    await dialog.getByLabel('Paused after').fill('never')
    await dialog.getByLabel('Asleep after').fill('never')
    await dialog.getByRole('button', { name: 'Create plan' }).click()
    await page.getByText('768 MiB of memory, up to 1.5 cores').waitFor()
    await page.getByText('Never sleeps by itself').waitFor()
    await page.evaluate(settled)
    await shows('2-plans')
  })

  it('gives a running computer another plan’s limits, without a restart', async () => {
    const { page } = person
    const run = await stack.runOf('carla')
    expect(await limitsOf()).toMatchObject({ memory: 512 * MIB })
    await visit(page, app('/admin/people/carla'))
    await page.getByRole('button', { name: 'Change plan…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Plan').selectOption('large')
    await dialog.getByText('768 MiB of memory').waitFor()
    await shows('3-assign')
    await dialog.getByRole('button', { name: 'Change plan', exact: true }).click()
    await dialog.waitFor({ state: 'detached' })
    await until('it has the new limits', async () => (await limitsOf()).memory === 768 * MIB)
    expect(await limitsOf()).toEqual({ memory: 768 * MIB, pids: 300, quota: 150_000 })
    await client.trpc.admin.plans.save.mutate({
      ...{ key: 'large', title: 'Large', isNew: false },
      terms: { memoryBytes: 640 * MIB, pids: 200 },
    })
    await until('it has those that were changed', async () => (await limitsOf()).memory === 640 * MIB)
    expect(await limitsOf()).toEqual({ memory: 640 * MIB, pids: 200, quota: 200_000 })
    expect(await stack.runOf('carla')).toBe(run)
    const { plans } = await client.trpc.admin.plans.list.query()
    expect(plans.map(({ key, people }) => [key, people])).toEqual([
      ['large', 1],
      ['standard', 0],
    ])
  })

  it('shows an owner what the computer used, what the plan gives, and that memory ran out', async () => {
    const { page } = person
    const { id } = await client.trpc.tenants.mine.query()
    await until('it was measured', async () => {
      const { points } = await client.trpc.tenants.usage.query({ instanceId: id })
      const last = points.at(-1)
      return last && last.memoryBytes > MIB && last.diskBytes !== null && last.receivedBytes > 0
    })
    // A day of it, with a night asleep.
    await sql`insert into usage_samples (instance_id, at, over_ms, cpu_ms, received_bytes, sent_bytes, memory_bytes, disk_bytes)
      select ${id}, now() - n * interval '15 minutes', 60000, 100000 * abs(sin(n / 9.0)), 2000000 * abs(cos(n / 5.0)), 1000,
        640 * 1048576.0 * (0.3 + 0.65 * abs(sin(n / 20.0))), 1048576 * (300 + 4 * (96 - n)) from generate_series(1, 95) as n
      where n not between 40 and 70`
    await sql`insert into instance_events (instance_id, at, kind) values (${id}, now() - interval '20 minutes', 'out_of_memory')`
    await visit(page, app('/'))
    await page.getByText('Large plan').waitFor()
    await page.getByText('640.0 MiB of memory').or(page.getByText('640 MiB of memory')).first().waitFor()
    await page.getByText('Your computer ran out of memory 20 minutes ago').waitFor()
    await page.getByRole('img', { name: /^Memory in the last 24 hours: .* of 640/ }).scrollIntoViewIfNeeded()
    await shows('4-dashboard')
    await visit(page, app('/admin/people/carla'))
    await page.getByRole('heading', { name: 'Plan and usage' }).scrollIntoViewIfNeeded()
    await page.getByText('Ran out of memory').waitFor()
    await shows('5-person')
  })
  it('slows down what computes without a pause, tells both, and lets it go when an administrator says so', async () => {
    const { page } = person
    // Little enough that a busy machine can give it.
    await client.trpc.admin.plans.save.mutate({
      ...{ key: 'large', title: 'Large', isNew: false },
      terms: { cpuQuotaUs: 20_000, cpuShares: 128 },
    })
    await until('it has that limit', async () => (await limitsOf()).quota === 20_000)
    const [row] = await testContainers(stack.name)
    if (!row) throw new Error('There is no container.')
    const work = await engine()
      .getContainer(row.Id)
      .exec({
        Cmd: [
          '/usr/local/bin/node',
          '-e',
          'setTimeout(() => process.exit(), 20_000); const burn = () => { for (let n = 0; n < 1e6; n++); setImmediate(burn) }; burn()',
        ],
      })
    await work.start({ Detach: true })
    await until('it is held to its share', async () => (await limitsOf()).quota === 12_500, 60_000)
    await visit(page, app('/'))
    await page.getByText('Your computer was slowed down').waitFor()
    await shows('6-slowed-down')
    await visit(page, app('/admin/people'))
    await page.getByText('Slowed down', { exact: true }).waitFor()
    await visit(page, app('/admin/people/carla'))
    await page.getByRole('button', { name: 'Back to full speed' }).click()
    await page.getByText('carla is at full speed again.').waitFor()
    await page.getByText('At full speed again', { exact: true }).waitFor()
  })
})
