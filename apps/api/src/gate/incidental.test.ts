import { expect, it } from 'vitest'
import { isIncidental } from './incidental.ts'

const CHROME =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'
const inBrowser = { 'user-agent': CHROME, 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }
const opened = { ...inBrowser, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }

it.each([
  '/favicon.ico?v=1',
  '/favicon-32x32.png',
  '/icon.svg',
  '/icon-maskable-512.png',
  '/apple-touch-icon.png',
  '/apple-touch-icon-120x120-precomposed.png',
  '/app.webmanifest',
  '/site.webmanifest?x',
  '/manifest.json',
  '/browserconfig.xml',
  '/robots.txt',
  '/.well-known/appspecific/com.chrome.devtools.json',
])('knows %s for what browsers fetch by themselves', (uri) => {
  expect(isIncidental({ uri, headers: inBrowser })).toBe(true)
})

it.each<[string, Record<string, string>]>([
  ['a prefetch', { ...opened, 'sec-purpose': 'prefetch' }],
  ['a page rendered ahead', { ...opened, 'sec-purpose': 'prefetch;prerender' }],
  ['a prefetch of an older browser', { ...opened, purpose: 'prefetch' }],
  ['a preview of often visited pages', { ...opened, 'x-purpose': 'preview' }],
  ['a prefetch of an old Firefox', { ...opened, 'x-moz': 'prefetch' }],
  ['the manifest by any name', { ...inBrowser, 'sec-fetch-dest': 'manifest' }],
  ['a look for another worker', { ...inBrowser, 'sec-fetch-dest': 'serviceworker' }],
  ['a preview of a link', { 'user-agent': 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)' }],
  ['a crawler', { 'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)' }],
])('knows %s by what it says of itself', (_what, headers) => {
  expect(isIncidental({ uri: '/', headers })).toBe(true)
})

it.each<[string, string, Record<string, string>]>([
  ['a page', '/', opened],
  ['a page of that name', '/favicon-designs', opened],
  ['a picture of a page', '/icons/cat.png', { ...inBrowser, 'sec-fetch-dest': 'image' }],
  ['a browser that a program drives', '/', { ...opened, 'user-agent': `${CHROME} HeadlessChrome/140.0.0.0` }],
  ['a client that says nothing of itself', '/', {}],
])('takes %s for somebody', (_what, uri, headers) => {
  expect(isIncidental({ uri, headers })).toBe(false)
})
