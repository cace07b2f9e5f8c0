import { expect, test } from 'vitest'
import { destinationOf } from './links.ts'

test.each([
  ['other.md', { kind: 'home', path: 'docs/other.md' }],
  ['./a/../b%20c.png?x#y', { kind: 'home', path: 'docs/b c.png' }],
  ['/top.md', { kind: 'home', path: 'top.md' }],
  ['../top.md', { kind: 'home', path: 'top.md' }],
  ['%zz.md', { kind: 'home', path: 'docs/%zz.md' }],
  ['https://example.org/a', { kind: 'web', href: 'https://example.org/a' }],
  ['mailto:a@example.org', { kind: 'web', href: 'mailto:a@example.org' }],
  ['//example.org/a', { kind: 'web', href: 'https://example.org/a' }],
  ['../../etc/passwd', null],
  ['%2e%2e/%2e%2e/etc/passwd', null],
  ['a%00b', null],
  ['javascript:alert(1)', null],
  ['JaVaScript:alert(1)', null],
  ['data:text/html,<script>alert(1)</script>', null],
  ['file:///etc/passwd', null],
  ['blob:https://x/y', null],
  ['#part', null],
])('leads, from docs/read.md, %j to %j', (link, destination) => {
  expect(destinationOf(link, 'docs/read.md')).toEqual(destination)
})
