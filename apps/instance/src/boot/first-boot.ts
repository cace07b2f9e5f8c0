/**
 * First boot: fills a home without `system/` from the template, once. Everything is written to a folder beside
 * its place and moved in, `system/` last: its rename is the one moment at which the home becomes complete, so a
 * boot that was killed at any earlier moment is simply done again.
 */
import { mkdir, open, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const COMMIT = 'system'
const STAGING = '.first-boot'

export interface FirstBootOptions {
  home: string
  template: string
  /** Replaces `{{handle}}`, `{{displayName}}` and `{{now}}` in the template's texts. */
  words: { handle: string; displayName: string; now: string }
  /** Called after each step, so that tests can stop at any of them. */
  onStep?: (step: string) => void
}

/** Resolves to whether this was the first boot. A home that is complete is only looked at, never written. */
export async function firstBoot({ home, template, words, onStep }: FirstBootOptions): Promise<boolean> {
  if (await isComplete(home)) return false
  const staging = join(home, STAGING)
  await mkdir(home, { recursive: true })
  await rm(staging, { recursive: true, force: true })
  await copyFilled(template, staging, words)
  onStep?.('staged')
  const entries = (await readdir(staging)).filter((name) => name !== COMMIT)
  for (const name of entries) {
    await moveIfAbsent(join(staging, name), join(home, name))
    onStep?.(`moved ${name}`)
  }
  await syncFolder(home)
  // An empty `system/` is no finished boot: it makes way.
  await rmdir(join(home, COMMIT)).catch(unless('ENOENT'))
  await rename(join(staging, COMMIT), join(home, COMMIT))
  await syncFolder(home)
  onStep?.('complete')
  await rm(staging, { recursive: true, force: true })
  return true
}

async function isComplete(home: string): Promise<boolean> {
  const names = await readdir(join(home, COMMIT)).catch(unless('ENOENT'))
  return names !== undefined && names.length > 0
}

async function copyFilled(from: string, to: string, words: Record<string, string>): Promise<void> {
  await mkdir(to)
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) await copyFilled(source, target, words)
    else {
      const text = await readFile(source, 'utf8')
      const inFormat = entry.name.endsWith('.json') ? insideJson : (word: string) => word
      const filled = text.replace(/\{\{(\w+)\}\}/g, (whole, key) => inFormat(words[key] ?? whole))
      await writeFile(target, filled, { flush: true })
    }
  }
  await syncFolder(to)
}

const insideJson = (word: string) => JSON.stringify(word).slice(1, -1)

/** What the owner has already is never replaced. */
async function moveIfAbsent(from: string, to: string): Promise<void> {
  const taken = await open(to).then(
    (handle) => handle.close().then(() => true),
    (error) => error.code !== 'ENOENT',
  )
  if (!taken) await rename(from, to)
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path)
  await handle.sync().finally(() => handle.close())
}

const unless = (code: string) => (error: NodeJS.ErrnoException) => {
  if (error.code !== code) throw error
  return undefined
}
