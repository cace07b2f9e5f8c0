import { execFile } from 'node:child_process'
import { getBuiltinModule } from 'node:process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { plainBuiltIns } from './plain-built-ins.ts'

const sourceOf = (module: string) => plainBuiltIns.load(plainBuiltIns.resolveId(module) ?? '') ?? ''
const http = sourceOf('node:http')

/** What of Node's client a program has loaded that begins so. */
async function loadedBy(program: string): Promise<string> {
  const says = 'console.log(process.moduleLoadList.filter((name) => name.includes("undici")).join())'
  const args = ['--input-type=module', '--eval', `${program}\n${says}`]
  return (await promisify(execFile)(process.execPath, args, { env: {} })).stdout.trim()
}

test('loads nothing of Node’s client, which comes along otherwise', async () => {
  expect(await loadedBy(http)).toBe('')
  expect(await loadedBy("import { createServer } from 'node:http'")).toContain('undici')
})

test.each(['http', 'crypto', 'util'])('is what it stands for, but for the client: %s', async (module) => {
  const { default: all, ...names } = await import(
    `data:text/javascript,${encodeURIComponent(sourceOf(module))}`
  )
  const { WebSocket, CloseEvent, MessageEvent, ...rest } = getBuiltinModule(module) as Record<string, unknown>
  expect(all).toBe(getBuiltinModule(module))
  expect(names).toEqual(rest)
})

test('leaves what is required, and every other module, to Node', () => {
  expect(plainBuiltIns.resolveId('http', undefined, { kind: 'import-statement' })).not.toBeNull()
  expect(plainBuiltIns.resolveId('http', undefined, { kind: 'require-call' })).toBeNull()
  expect(plainBuiltIns.resolveId('node:https')).toBeNull()
  expect(plainBuiltIns.load('node:https')).toBeNull()
})
