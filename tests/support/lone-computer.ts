/** A person in Chromium at a computer in a hardened container, with no platform around it. */
import type { Container } from 'dockerode'
import { runContainer } from '../../apps/instance/src/testing/container.ts'
import { computerCable } from './cable.ts'
import { launchChromium } from './chromium.ts'
import { openPart } from './computer.ts'
import { runInside } from './inside.ts'

export interface LoneComputerOptions {
  image: string
  /** Of its pictures. */
  folder: string
  /** A home of this size in memory, which a stop empties. */
  homeBytes?: number
}

export async function openLoneComputer({ image, folder, ...options }: LoneComputerOptions) {
  await using opened = new AsyncDisposableStack()
  const { container, start } = opened.use(await runContainer({ image, ...options }))
  const cable = await computerCable(await start())
  opened.defer(() => cable.cut())
  const chromium = opened.use(await launchChromium())
  const person = await chromium.newPerson(folder)
  const { page } = person
  const visit = async () => {
    await page.goto(cable.origin)
    await page.locator('#state-word').filter({ hasText: 'Awake' }).waitFor()
    await page.locator('nav.dock').waitFor({ state: 'attached' })
  }
  await visit()
  const open = opened.move()
  return {
    container,
    person,
    page,
    origin: cable.origin,
    /** Loads the page anew. */
    visit,
    openPart: (title: string) => openPart(page, title),
    /** What a program in the home does and prints, with `node:fs` at hand as `fs`. */
    inside: (script: string) => inside(container, script),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}

/** Throws what the program threw. */
async function inside(container: Container, script: string): Promise<string> {
  const whole = `import * as fs from 'node:fs'
    try { ${script}; process.stdout.write('\\n<done>') } catch (error) { console.log(error) }`
  const printed = await runInside(container, whole)
  if (!printed.endsWith('<done>')) throw new Error(printed)
  return printed.slice(0, -'<done>'.length).trim()
}
