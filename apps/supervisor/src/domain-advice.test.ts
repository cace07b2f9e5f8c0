import { expect, it } from 'vitest'
import { domainAdvice } from './domain-advice.ts'

const advice = (publicUrl: string, instanceDomain = new URL(publicUrl).hostname) =>
  domainAdvice({ publicUrl, instanceDomain, single: false })

it.each([
  ['https://example.org', 'example.org'],
  ['https://example.org', 'people.example.org'],
  ['https://platform.example.org', 'people.example.org'],
  ['https://platform.example.org', 'example.org'],
  ['https://example.co.uk:8443', 'people.example.co.uk'],
  ['https://mos.test', 'mos.test'],
])('warns where %s has instances below %s', (publicUrl, instanceDomain) => {
  expect(advice(publicUrl, instanceDomain)).toMatch(/^Instances share the domain .*INSTANCE_DOMAIN/)
})

it.each([
  ['https://example.org', 'example-people.org'],
  ['https://one.co.uk', 'two.co.uk'],
  ['https://mos.test', 'mosinst'],
  // A public suffix itself: each instance is a site of its own.
  ['https://github.com', 'github.io'],
  ['http://localhost:8080', 'localhost'],
  ['http://platform.localhost', 'localhost'],
  ['http://192.0.2.1:8080', '192.0.2.1'],
])('is silent where %s has instances below %s', (publicUrl, instanceDomain) => {
  expect(advice(publicUrl, instanceDomain)).toBeNull()
})
