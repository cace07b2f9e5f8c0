import { hostsOf } from '@matrixos/shared'
import { describe, expect, it } from 'vitest'
import { isForeign, isNavigation, readCheckRequest } from './check-request.ts'

const hosts = hostsOf('http://localhost:8080')
const ORIGIN = 'http://alice.localhost:8080'
const ask = (headers: Record<string, string>) =>
  readCheckRequest({ host: 'alice.localhost:8080', ...headers }, hosts)

it('reads the host in any case, without its port', () => {
  expect(readCheckRequest({ host: 'Alice.LOCALHOST:8080' }, hosts).host).toBe('alice.localhost')
})

describe('a navigation', () => {
  it.each([
    ['a browser opening a page', { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }, true],
    ['a script', { 'sec-fetch-mode': 'cors', accept: 'text/html' }, false],
    ['a frame', { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }, false],
    ['a client without fetch metadata that wants a page', { accept: 'text/html,*/*' }, true],
    ['a program', { accept: '*/*' }, false],
    ['a form', { 'x-forwarded-method': 'POST', 'sec-fetch-mode': 'navigate' }, false],
  ])('is told from the rest: %s', (_what, headers, expected) => {
    expect(isNavigation(ask(headers as Record<string, string>))).toBe(expected)
  })
})

describe('a foreign request', () => {
  const other = 'http://mallory.localhost:8080'
  it.each([
    ['same-origin fetch', { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }, false],
    ['typed address', { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }, false],
    [
      'link from another instance',
      { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
      false,
    ],
    ['fetch from another instance', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' }, true],
    [
      'form posted by another instance',
      { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate', 'x-forwarded-method': 'POST' },
      true,
    ],
    [
      'frame on another site',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
      true,
    ],
    ['own WebSocket', { 'x-mos-upgrade': 'websocket', origin: ORIGIN }, false],
    ["another's WebSocket", { 'x-mos-upgrade': 'websocket', origin: other }, true],
    ['WebSocket without an origin', { 'x-mos-upgrade': 'websocket' }, true],
    ['post without fetch metadata from elsewhere', { 'x-forwarded-method': 'POST', origin: other }, true],
  ])('is recognised: %s', (_what, headers, expected) => {
    expect(isForeign(ask(headers as Record<string, string>), ORIGIN)).toBe(expected)
  })
})
