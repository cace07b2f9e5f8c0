import { hostsOf } from '@matrixos/shared'
import { expect, it } from 'vitest'
import { createWellKnown } from './well-known.ts'

const hosts = hostsOf('https://mos.example')
const ask = async (url: string, homeserverUrl: string | null, federates = false) => {
  const response = await createWellKnown({ hosts, homeserverUrl, federates }).request(url)
  const text = await response.text()
  return { status: response.status, cors: response.headers.get('access-control-allow-origin'), text }
}

it('tells clients where the homeserver is', async () => {
  const { text, cors } = await ask(
    'https://mos.example/.well-known/matrix/client',
    'https://matrix.mos.example',
  )
  expect(JSON.parse(text)).toEqual({ 'm.homeserver': { base_url: 'https://matrix.mos.example' } })
  expect(cors).toBe('*')
})

it('tells other homeservers only where it talks to them', async () => {
  const url = 'https://mos.example/.well-known/matrix/server'
  expect((await ask(url, 'https://matrix.mos.example')).status).toBe(404)
  const { text } = await ask(url, 'https://matrix.mos.example', true)
  expect(JSON.parse(text)).toEqual({ 'm.server': 'matrix.mos.example:443' })
})

it('tells nothing without a homeserver, or at another host', async () => {
  expect((await ask('https://mos.example/.well-known/matrix/client', null)).status).toBe(404)
  const other = await ask('https://app.mos.example/.well-known/matrix/client', 'https://matrix.mos.example')
  expect(other.cors).toBeNull()
})
