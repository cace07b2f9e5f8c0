import { describe, expect, test } from 'vitest'
import { siteOf } from './hosts.ts'

describe('siteOf', () => {
  test('an address that begins with app. is the app, and names the domain below it', () => {
    const site = siteOf({ protocol: 'http:', host: 'app.localhost:8080' })
    expect(site.kind).toBe('app')
    expect(site.landingOrigin).toBe('http://localhost:8080')
    expect(site.apiOrigin).toBe('http://api.localhost:8080')
    expect(site.instanceHost('ada')).toBe('ada.localhost')
    expect(site.address('ada')).toBe('ada.localhost:8080')
    expect(site.addressSuffix).toBe('.localhost:8080')
  })

  test('any other address is the landing page', () => {
    const site = siteOf({ protocol: 'https:', host: 'matrix.example' })
    expect(site.kind).toBe('landing')
    expect(site.appOrigin).toBe('https://app.matrix.example')
  })

  test('instances live where the server says, unless nobody filled that in', () => {
    const location = { protocol: 'https:', host: 'app.matrix.example' }
    expect(siteOf(location, 'people.example').instanceHost('ada')).toBe('ada.people.example')
    expect(siteOf(location, '__INSTANCE_DOMAIN__').instanceHost('ada')).toBe('ada.matrix.example')
  })
})
