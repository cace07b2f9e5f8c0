import { execFile } from 'node:child_process'
import http from 'node:http'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { httpAlone } from './http-alone.ts'

const source = httpAlone.load(httpAlone.resolveId('node:http') ?? '') ?? ''

/** What of Node's client a program has loaded that begins so. */
async function loadedBy(program: string): Promise<string> {
  const says = 'console.log(process.moduleLoadList.filter((name) => name.includes("undici")).join())'
  const args = ['--input-type=module', '--eval', `${program}\n${says}`]
  return (await promisify(execFile)(process.execPath, args, { env: {} })).stdout.trim()
}

test('loads nothing of Node’s client, which comes along otherwise', async () => {
  expect(await loadedBy(source)).toBe('')
  expect(await loadedBy("import { createServer } from 'node:http'")).toContain('undici')
})

test('is what it stands for, but for the client', async () => {
  const { default: all, ...names } = await import(`data:text/javascript,${encodeURIComponent(source)}`)
  expect(all).toBe(http)
  const { WebSocket, CloseEvent, MessageEvent, ...rest } = http as typeof http & Record<string, unknown>
  expect(names).toEqual(rest)
})

test('leaves what is required, and every other module, to Node', () => {
  expect(httpAlone.resolveId('http', undefined, { kind: 'import-statement' })).not.toBeNull()
  expect(httpAlone.resolveId('http', undefined, { kind: 'require-call' })).toBeNull()
  expect(httpAlone.resolveId('node:https')).toBeNull()
  expect(httpAlone.load('node:https')).toBeNull()
})
