import { expect, test } from 'vitest'
import { readSettings } from './env.ts'

const FULL = { MATRIX_HANDLE: 'alice', MATRIX_AUTH_TOKEN: 'secret' }

test('has the contract’s defaults', () => {
  expect(readSettings(FULL)).toEqual({
    handle: 'alice',
    displayName: 'alice',
    home: '/home/matrixos/home',
    port: 4000,
    authToken: 'secret',
    externalOrigin: null,
    appOriginPattern: null,
    ai: null,
    shellEnvironment: {},
    terminal: { kind: 'console', reason: 'This computer’s image has no shell. Its built-in console works.' },
    platform: null,
    services: { telegram: null, slack: null, discord: null },
    isIsolated: true,
    denylist: 'default',
    image: null,
  })
})

test.each([
  [{ GATEWAY_EXTERNAL_URL: 'http://alice.localhost:8080' }, 'http://{app}--alice.localhost:8080'],
  // One person alone: nothing says whose handle is in the addresses of apps.
  [{ GATEWAY_EXTERNAL_URL: 'https://example.org' }, null],
  [{ APP_EXTERNAL_URL: 'https://{app}--alice.example.org' }, 'https://{app}--alice.example.org'],
])('knows where its apps are by %o', (env, pattern) => {
  expect(readSettings({ ...FULL, ...env }).appOriginPattern).toBe(pattern)
})

test('comes from its image, and from none as a plain process of its host', () => {
  const image = 'matrixos-instance:latest'
  expect(readSettings({ ...FULL, MATRIX_IMAGE: image }).image).toBe(image)
  expect(readSettings({ ...FULL, MATRIX_IMAGE: image, MATRIX_ISOLATION: 'none' }).image).toBeNull()
})

test('needs no token behind an edge that is trusted by position, and then asks for none', () => {
  expect(readSettings({ MATRIX_HANDLE: 'alice', MATRIX_TRUST: 'edge' }).authToken).toBeNull()
  expect(readSettings({ ...FULL, MATRIX_TRUST: 'edge' }).authToken).toBeNull()
})

test.each([
  [{ MATRIX_AUTH_TOKEN: 'x' }, /MATRIX_HANDLE: expected the handle/],
  [{ MATRIX_HANDLE: 'A!', MATRIX_AUTH_TOKEN: 'x' }, /MATRIX_HANDLE: expected a handle, such as alice/],
  [{ MATRIX_HANDLE: 'alice' }, /MATRIX_AUTH_TOKEN: expected the token/],
  [{ MATRIX_HANDLE: 'alice', MATRIX_AUTH_TOKEN: '' }, /MATRIX_AUTH_TOKEN/],
  [{ ...FULL, PORT: '70000' }, /PORT: expected a port from 0 to 65535/],
  [{ ...FULL, MATRIX_SHELL: 'bash' }, /MATRIX_SHELL: expected the absolute path of a shell/],
  [{ ...FULL, MATRIX_ISOLATION: 'some' }, /MATRIX_ISOLATION: expected "none" or nothing/],
  [{ ...FULL, APP_EXTERNAL_URL: 'https://example.org' }, /APP_EXTERNAL_URL: expected a URL with \{app\}/],
  [{ ...FULL, MATRIX_TRUST: 'all' }, /MATRIX_TRUST: expected "edge" or nothing/],
])('refuses %o by name', (env, message) => {
  expect(() => readSettings(env)).toThrow(message)
})

test('knows where to call AI once it has both the address and the token', () => {
  const ai = { ANTHROPIC_BASE_URL: 'http://10.201.0.1:4100', ANTHROPIC_API_KEY: 'mosai_x' }
  expect(readSettings({ ...FULL, ...ai }).ai).toEqual({ url: 'http://10.201.0.1:4100', token: 'mosai_x' })
  expect(readSettings({ ...FULL, ...ai, ANTHROPIC_API_KEY: '' }).ai).toBeNull()
})

test('has a terminal where its shell is a program, and says why it has none elsewhere', () => {
  const terminal = (env: NodeJS.ProcessEnv) => readSettings({ ...FULL, ...env }).terminal
  expect(terminal({ MATRIX_SHELL: process.execPath })).toEqual({ kind: 'pty', shell: process.execPath })
  expect(terminal({ MATRIX_SHELL: process.execPath, MATRIX_ISOLATION: 'none' })).toMatchObject({
    kind: 'pty',
  })
  const console = (reason: RegExp) => ({ kind: 'console', reason: expect.stringMatching(reason) })
  expect(terminal({ MATRIX_ISOLATION: 'none' })).toEqual(console(/plain process.*ALLOW_HOST_SHELL=1/))
  expect(terminal({ MATRIX_SHELL: '/nowhere/bash' })).toEqual(console(/\/nowhere\/bash.*no such program/))
  expect(terminal({ MATRIX_SHELL: import.meta.dirname })).toEqual(console(/no such program/))
  expect(terminal({ MATRIX_SHELL: import.meta.filename })).toEqual(console(/no such program/))
})

test('knows the platform and the services by what it is given', () => {
  const given = { PLATFORM_INTERNAL_URL: 'http://platform', ANTHROPIC_API_KEY: 'mosai_x' }
  expect(readSettings({ ...FULL, ...given }).platform).toEqual({ url: 'http://platform', token: 'mosai_x' })
  expect(readSettings({ ...FULL, TELEGRAM_API_URL: 'http://bots' }).services.telegram).toBe('http://bots')
})
