import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { takePrivateSettings } from './private-settings.ts'

const cwd = mkdtempSync(join(tmpdir(), 'mos-keys-'))
writeFileSync(join(cwd, 'key'), 'sk-marker\n')
writeFileSync(join(cwd, 'empty'), '\n')

test("gives providers' keys to the proxy, the mail server's password to the api, and leaves none behind", () => {
  const env = {
    ANTHROPIC_API_KEY: 'sk-a',
    OPENAI_API_KEY_FILE: 'key',
    SMTP_URL: 'smtp://u:p@h',
    PATH: '/bin',
  }
  const { providers, of } = takePrivateSettings(env, cwd)
  expect(env).toEqual({ PATH: '/bin' })
  expect(providers).toEqual(['anthropic', 'openai'])
  expect(of('ai')).toEqual({ ANTHROPIC_API_KEY: 'sk-a', OPENAI_API_KEY_FILE: join(cwd, 'key') })
  expect(of('api')).toEqual({ SMTP_URL: 'smtp://u:p@h' })
  for (const part of ['spa', 'edge', 'caddy', 'model']) expect(of(part)).toEqual({})
})

test('counts what is set to nothing as not set', () => {
  const env = { ANTHROPIC_API_KEY: '', OPENAI_API_KEY_FILE: '' }
  expect(takePrivateSettings(env, cwd).providers).toEqual([])
})

test.each([
  ['nowhere', 'ANTHROPIC_API_KEY_FILE names %, which cannot be read'],
  ['empty', 'ANTHROPIC_API_KEY_FILE names %, which is empty'],
])('refuses a key file that is %s', (file, message) => {
  const take = () => takePrivateSettings({ ANTHROPIC_API_KEY_FILE: file }, cwd)
  expect(take).toThrow(message.replace('%', join(cwd, file)))
})
