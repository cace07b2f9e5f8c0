/** The platform's own key: used for calls, and found nowhere but in the proxy. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { signUp, waitUntilRunning } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { describeReal } from '@matrixos/testing/describe-real'
import { openInstance } from '@matrixos/testing/platform-client'
import { findProcesses } from '@matrixos/testing/processes'
import { expect, it } from 'vitest'
import { startScriptedModel } from '../../apps/scripted-model/src/server.ts'
import { containerOf, environmentInside, runInside } from '../support/inside.ts'
import { bootStack, STACKS, type Stack } from '../support/stack.ts'

const MARKER = 'sk-ant-marker-4f1d0c9b7e2a'
const HANDLE = 'keyless'
const JSON_CALL = { 'content-type': 'application/json', 'anthropic-version': '2023-06-01' }

/** Files below a folder that hold the marker; sockets and what goes away meanwhile hold nothing. */
function filesWithMarker(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true })
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
  return paths.filter((path) => holdsMarker(path))
}

function holdsMarker(path: string): boolean {
  try {
    return readFileSync(path).includes(MARKER)
  } catch {
    return false
  }
}

const inProc = (pid: number): boolean =>
  ['environ', 'cmdline'].some((file) => holdsMarker(`/proc/${pid}/${file}`))

/** Of the instance: what it calls AI with, and everything in it that might hold the marker. */
async function lookInto(stack: Stack, isDocker: boolean) {
  if (!isDocker) {
    const [pid = 0] = findProcesses(`MATRIX_HANDLE=${HANDLE}`, stack.dataDir)
    const lines = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
    const env = Object.fromEntries(lines.map((line) => [line.split('=', 1)[0], line.replace(/^[^=]*=/, '')]))
    return { env, found: inProc(pid) }
  }
  const container = containerOf(stack.name, HANDLE)
  const script = `import { readdirSync, readFileSync } from 'node:fs'
    const all = ['/home', '/opt', '/etc', '/tmp'].flatMap((folder) =>
      readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => entry.parentPath + '/' + entry.name))
    const procs = readdirSync('/proc').filter((name) => Number(name) > 0 && Number(name) !== process.pid).flatMap((pid) => ['/proc/' + pid + '/environ', '/proc/' + pid + '/cmdline'])
    const holds = (path) => { try { return readFileSync(path).includes('marker-4f1d' + '0c9b7e2a') } catch { return false } }
    console.log(JSON.stringify({ looked: all.length + procs.length, found: [...all, ...procs].filter(holds) }))`
  const { looked, found } = JSON.parse(await runInside(container, script))
  expect(looked).toBeGreaterThan(10)
  const inspected = JSON.stringify(await container.inspect())
  return { env: await environmentInside(container), found: found.length > 0 || inspected.includes(MARKER) }
}

for (const { name, parts, needs } of STACKS) {
  describeReal(needs, `the platform's key (${name})`, () => {
    it.each(['a variable', 'a file'])('from %s is in nothing but the proxy', async (source) => {
      await using provider = await startScriptedModel({ apiKey: MARKER })
      const folder = mkdtempSync(join(tmpdir(), 'mos-key-'))
      const file = join(folder, 'key')
      writeFileSync(file, `${MARKER}\n`, { mode: 0o600 })
      const isFile = source === 'a file'
      const key = isFile ? { ANTHROPIC_API_KEY_FILE: file } : { ANTHROPIC_API_KEY: MARKER }
      await using stack = await bootStack({
        parts,
        env: { ...key, ANTHROPIC_UPSTREAM: provider.url, LOG_LEVEL: 'debug' },
      })
      const client = stack.client()
      await signUp({ client, authenticator: createAuthenticator(), handle: HANDLE })
      const { url } = await waitUntilRunning(client, 60_000)
      await openInstance(client, url)

      const answers: string[] = []
      const instance = await lookInto(stack, parts === 'real')
      const call = async (model: string, path = '/v1/messages') => {
        const body = JSON.stringify({ model, max_tokens: 50, messages: [{ role: 'user', content: 'Hello' }] })
        const headers = { 'x-api-key': instance.env.ANTHROPIC_API_KEY, ...JSON_CALL }
        const send = `const answer = await fetch(${JSON.stringify(instance.env.ANTHROPIC_BASE_URL + path)}, { method: 'POST', headers: ${JSON.stringify(headers)}, body: ${JSON.stringify(body)} })
          console.log(answer.status + JSON.stringify([...answer.headers]) + await answer.text())`
        const said =
          parts === 'real' ? await runInside(containerOf(stack.name, HANDLE), send) : await here(send)
        answers.push(said)
        return Number(said.slice(0, 3))
      }
      expect(await call('claude-haiku-4-5')).toBe(200)
      expect(await call('no-such-model')).toBeGreaterThanOrEqual(400)
      expect(await call('claude-haiku-4-5', '/v1/nowhere')).toBeGreaterThanOrEqual(400)
      const { appOrigin } = client.hosts
      for (const page of [
        stack.url,
        `${appOrigin}/settings/credits`,
        url,
        `${url}/api/me`,
        `${url}/api/credits`,
      ])
        answers.push(await (await client.browser.fetch(page)).text())

      const holders = Object.entries(stack.platform().parts).filter(([, pid]) => inProc(pid))
      expect(holders.map(([part]) => part)).toEqual(isFile ? [] : ['ai'])
      expect((await lookInto(stack, parts === 'real')).found).toBe(false)
      expect(answers.filter((answer) => answer.includes(MARKER))).toEqual([])
      expect(stack.log()).not.toContain(MARKER)
      expect(filesWithMarker(stack.dataDir)).toEqual([])
      rmSync(folder, { recursive: true })
    })
  })
}

/** The same script, in this process's own Node. */
async function here(script: string): Promise<string> {
  const { execFile } = await import('node:child_process')
  return new Promise((resolve, reject) =>
    execFile(process.execPath, ['--input-type=module', '-e', script], (error, stdout) =>
      error ? reject(error) : resolve(stdout.trim()),
    ),
  )
}
