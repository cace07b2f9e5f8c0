import { describe, expect, test } from 'vitest'
import { siteOf } from './hosts.ts'

describe('siteOf', () => {
  test('takes an address that begins with app. for the app, and the rest for its domain', () => {
    const site = siteOf({ protocol: 'http:', host: 'app.localhost:8080' })
    expect(site.kind).toBe('app')
    expect(site.landingOrigin).toBe('http://localhost:8080')
    expect(site.apiOrigin).toBe('http://api.localhost:8080')
    expect(site.instanceHost('ada')).toBe('ada.localhost')
    expect(site.address('ada')).toBe('ada.localhost:8080')
    expect(site.addressSuffix).toBe('.localhost:8080')
  })

  test('takes any other address for the landing page', () => {
    const site = siteOf({ protocol: 'https:', host: 'matrix.example' })
    expect(site.kind).toBe('landing')
    expect(site.appOrigin).toBe('https://app.matrix.example')
  })

  test('uses the instance domain that the server gives, if any', () => {
    const location = { protocol: 'https:', host: 'app.matrix.example' }
    expect(siteOf(location, { instanceDomain: 'people.example' }).instanceHost('ada')).toBe(
      'ada.people.example',
    )
    expect(
      siteOf(location, { instanceDomain: '__INSTANCE_DOMAIN__', single: '__SINGLE__' }).instanceHost('ada'),
    ).toBe('ada.matrix.example')
  })

  test('knows one person’s own computer, at the domain itself', () => {
    const site = siteOf({ protocol: 'https:', host: 'app.ada.example' }, { single: '1' })
    expect(site).toMatchObject({ isSingle: true, addressSuffix: '' })
    expect(site.address('ada')).toBe('ada.example')
  })
})
