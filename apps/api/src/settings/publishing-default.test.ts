import { hostsOf, singleHostsOf } from '@matrixos/shared'
import { expect, it } from 'vitest'
import { publishingDefault } from './publishing-default.ts'

const byDefault = (publicUrl: string, instanceDomain?: string) =>
  publishingDefault(hostsOf(publicUrl, instanceDomain), { SINGLE: false })

it.each([
  ['https://example.org', undefined],
  ['https://example.org', 'people.example.org'],
  ['https://platform.example.org', 'example.org'],
  ['https://example.co.uk:8443', 'people.example.co.uk'],
  ['https://mos.test', undefined],
  ['http://192.0.2.1:8080', undefined],
])('is off where %s has instances below %s', (publicUrl, instanceDomain) => {
  expect(byDefault(publicUrl, instanceDomain)).toBe('off')
})

it.each([
  ['https://example.org', 'example-people.org'],
  ['https://one.co.uk', 'two.co.uk'],
  ['https://mos.test', 'mosinst'],
  // Public suffixes: each name below them is a site of its own.
  ['https://github.com', 'github.io'],
  ['http://localhost:8080', undefined],
])('is on where %s has instances below %s', (publicUrl, instanceDomain) => {
  expect(byDefault(publicUrl, instanceDomain)).toBe('on')
})

it('is on where one person is alone', () => {
  expect(publishingDefault(singleHostsOf('https://ada.example.org'), { SINGLE: true })).toBe('on')
})
