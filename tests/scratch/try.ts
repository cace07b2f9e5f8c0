import { launchChromium } from '../support/chromium.ts'

const chromium = await launchChromium()
const person = await chromium.newPerson('scratch')
const { page } = person
page.on('console', (m) => console.log('console', m.type(), m.text()))
page.on('pageerror', (e) => console.log('pageerror', e))
await page.goto('http://127.0.0.1:4877/')
await page.getByRole('navigation', { name: 'Parts' }).getByRole('button', { name: 'Terminal' }).click()
await page.waitForTimeout(3000)
await page.screenshot({ path: '/tmp/term/a.png' })
await page.keyboard.type('ls --color /; echo hi\n')
await page.waitForTimeout(1000)
await page.screenshot({ path: '/tmp/term/b.png' })
await chromium[Symbol.asyncDispose]()
