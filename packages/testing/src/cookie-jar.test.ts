import { describe, expect, it } from 'vitest'
import { createCookieJar } from './cookie-jar.ts'

const app = new URL('https://app.example.com/trpc/auth.me')
const alice = new URL('https://alice.example.com/')

describe('a cookie jar', () => {
  it('sends a cookie to its own host only', () => {
    const jar = createCookieJar()
    jar.store(app, ['__Host-mos_sid=abc==; Path=/; Secure; HttpOnly; SameSite=Lax'])
    expect(jar.header(app)).toBe('__Host-mos_sid=abc==')
    expect(jar.header(alice)).toBe('')
    expect(jar.header(new URL('https://example.com/'))).toBe('')
    expect(jar.get('app.example.com', '__Host-mos_sid')).toMatchObject({ httpOnly: true, sameSite: 'lax' })
  })

  it.each([
    ['a=1; Domain=example.com', 'has a Domain'],
    ['__Host-a=1; Path=/; Secure; Domain=alice.example.com', 'has a Domain'],
    ['__Host-a=1; Path=/', 'prefix without Secure'],
    ['__Host-a=1; Path=/x; Secure', '__Host- with a Path'],
    ['a=1; SameSite=None', 'SameSite=None without Secure'],
    ['=1', 'no name'],
  ])('refuses %s', (header, reason) => {
    const jar = createCookieJar()
    jar.store(alice, [header])
    expect(jar.all()).toEqual([])
    expect(jar.refused).toMatchObject([{ header, reason, host: 'alice.example.com' }])
  })

  it('honours Secure, for which loopback names need no TLS', () => {
    const jar = createCookieJar()
    const plain = new URL('http://app.example.com/')
    jar.store(plain, ['a=1; Secure'])
    expect(jar.refused).toHaveLength(1)
    jar.store(app, ['b=1; Secure; Path=/'])
    expect(jar.header(plain)).toBe('')
    const local = new URL('http://app.localhost:8080/')
    jar.store(local, ['__Host-c=1; Secure; Path=/'])
    expect(jar.header(local)).toBe('__Host-c=1')
  })

  it('forgets with time and on request', () => {
    let now = 0
    const jar = createCookieJar(() => now)
    jar.store(app, [
      'a=1; Max-Age=10; Path=/',
      'b=1; Expires=Thu, 01 Jan 1970 00:00:20 GMT; Path=/',
      'c=1; Path=/',
    ])
    expect(jar.header(app)).toBe('a=1; b=1; c=1')
    now = 10_000
    expect(jar.header(app)).toBe('b=1; c=1')
    now = 20_000
    expect(jar.header(app)).toBe('c=1')
    jar.store(app, ['c=; Max-Age=0; Path=/'])
    expect(jar.all()).toEqual([])
  })

  it('deletes only under the same path', () => {
    const jar = createCookieJar()
    jar.store(app, ['a=1; Path=/trpc'])
    jar.store(app, ['a=; Max-Age=0; Path=/'])
    expect(jar.header(app)).toBe('a=1')
  })

  it('matches paths by whole segments, the longest first', () => {
    const jar = createCookieJar()
    jar.store(app, ['root=1; Path=/', 'here=1', 'deep=1; Path=/trpc/auth.me/x', 'near=1; Path=/trp'])
    expect(jar.header(app)).toBe('here=1; root=1')
  })

  it('keeps SameSite cookies from other sites', () => {
    const jar = createCookieJar()
    jar.store(app, ['s=1; SameSite=Strict; Path=/', 'l=1; Path=/', 'n=1; SameSite=None; Secure; Path=/'])
    expect(jar.header(app, { sameSite: false, topLevelGet: true })).toBe('l=1; n=1')
    expect(jar.header(app, { sameSite: false, topLevelGet: false })).toBe('n=1')
    expect(jar.header(app, { sameSite: true, topLevelGet: false })).toBe('s=1; l=1; n=1')
  })
})
