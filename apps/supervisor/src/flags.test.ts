import { describe, expect, test } from 'vitest'
import { parseFlags, USAGE } from './flags.ts'

const none = { docker: false, caddy: false, postgres: false, single: false, help: false }

describe('parseFlags', () => {
  test('reads every flag', () => {
    expect(parseFlags([], {})).toEqual(none)
    expect(parseFlags(['--docker', '--caddy', '--postgres', '--single', '--port', '9000'], {})).toEqual({
      docker: true,
      caddy: true,
      postgres: true,
      single: true,
      help: false,
      port: 9000,
    })
  })

  test('takes flags that npm swallowed, in npm start only', () => {
    const env = { npm_config_docker: 'true', npm_config_port: '9000' }
    expect(parseFlags([], { ...env, npm_lifecycle_event: 'start' })).toEqual({
      ...none,
      docker: true,
      port: 9000,
    })
    expect(parseFlags([], { ...env, npm_lifecycle_event: 'test' })).toEqual(none)
  })

  test.each([
    [['--dokcer'], '--dokcer'],
    [['9000'], '9000'],
    [['--port', '0'], '1 to 65535'],
    [['--port', '70000'], '1 to 65535'],
    [['--port', 'x'], 'not "x"'],
    [['--port'], 'port'],
  ])('refuses %j and shows the usage', (args, reason) => {
    expect(() => parseFlags(args, {})).toThrow(reason)
    expect(() => parseFlags(args, {})).toThrow(USAGE)
  })
})
