import { expect, it } from 'vitest'
import { OPENINGS, openingsOf } from './openings.ts'

it('reads addresses of both families', () => {
  expect(OPENINGS.parse('10.201.0.1:8008, [fd00::1]:8448')).toEqual([
    { host: '10.201.0.1', port: 8008 },
    { host: 'fd00::1', port: 8448 },
  ])
  expect(OPENINGS.parse('')).toEqual([])
})

it.each(['matrix.example:8008', '10.0.0.1', '10.0.0.1:0', '10.0.0.1:70000', '10.0.0.1:80 } accept'])(
  'refuses %s',
  (text) => expect(OPENINGS.safeParse(text).success).toBe(false),
)

it('opens the AI proxy where it has an address', () => {
  const more = [{ host: '10.201.0.1', port: 8008 }]
  const openings = (AI_PROXY_URL: string) => openingsOf({ AI_PROXY_URL, INSTANCES_MAY_REACH: more })
  expect(openings('http://10.201.0.1:4100')).toEqual([{ host: '10.201.0.1', port: 4100 }, ...more])
  expect(openings('https://[fd00::2]')).toEqual([{ host: 'fd00::2', port: 443 }, ...more])
  expect(openings('https://ai.example')).toEqual(more)
})

it('opens the homeserver where instances reach it by address', () => {
  const openings = (INSTANCE_HOMESERVER_URL?: string) =>
    openingsOf({ AI_PROXY_URL: 'https://ai.example', INSTANCES_MAY_REACH: [], INSTANCE_HOMESERVER_URL })
  expect(openings('http://10.201.0.1:8008')).toEqual([{ host: '10.201.0.1', port: 8008 }])
  expect(openings('https://matrix.example')).toEqual([])
  expect(openings()).toEqual([])
})
