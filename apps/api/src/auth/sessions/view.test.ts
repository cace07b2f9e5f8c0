import { expect, it } from 'vitest'
import { deviceOf } from './view.ts'

const WEBKIT = 'AppleWebKit/605.1.15 (KHTML, like Gecko)'
const BLINK = 'AppleWebKit/537.36 (KHTML, like Gecko)'

it.each([
  [
    `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${WEBKIT} Version/17.5 Safari/605.1.15`,
    'desktop',
    'Safari',
    'macOS',
  ],
  [
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${BLINK} Chrome/124.0.0.0 Safari/537.36 Edg/124.0.0.0`,
    'desktop',
    'Microsoft Edge',
    'Windows',
  ],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'desktop', 'Firefox', 'Linux'],
  [
    `Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) ${WEBKIT} Version/17.5 Mobile/15E148 Safari/604.1`,
    'phone',
    'Safari',
    'iOS',
  ],
  [
    `Mozilla/5.0 (Linux; Android 14; SM-X700) ${BLINK} Chrome/124.0.0.0 Safari/537.36`,
    'tablet',
    'Chrome',
    'Android',
  ],
  ['curl/8.1', 'other', null, null],
  ['', 'other', null, null],
  ['<script>alert(1)</script>', 'other', null, null],
])('reads %s', (userAgent, kind, browser, os) => {
  expect(deviceOf(userAgent)).toEqual({ kind, browser, os })
})
