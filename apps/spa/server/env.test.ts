import { expect, test } from 'vitest'
import { parseListen, readEnv } from './env.ts'

test('listens on the socket in the data folder by default', () => {
  const env = readEnv({})
  expect(env.hosts.landingOrigin).toBe('http://localhost:8080')
  expect(env.isSingle).toBe(false)
  expect(readEnv({ SINGLE: '1' })).toMatchObject({
    isSingle: true,
    hosts: { platform: ['app.localhost', 'api.localhost'] },
  })
  expect(env.listen).toMatchObject({ path: expect.stringMatching(/\/data\/run\/spa\.sock$/) })
})

test('reads SPA_LISTEN as a host and port, or a path', () => {
  expect(parseListen('127.0.0.1:9000')).toEqual({ host: '127.0.0.1', port: 9000 })
  expect(parseListen('/run/mos/spa.sock')).toEqual({ path: '/run/mos/spa.sock' })
})

test('names a wrong setting', () => {
  expect(() => readEnv({ PUBLIC_URL: 'localhost' })).toThrow(/PUBLIC_URL/)
})
