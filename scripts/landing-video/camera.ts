/** Films a page by Chromium's own screencast: one picture whenever something was drawn. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import type { Shot, Take } from './take.ts'

const QUALITY = 92
/** What comes last is drawn, and has risen into its place. */
const LAST_MS = 700

export interface Camera {
  /** Ends the take. */
  stop: () => Promise<Take>
}

export async function rollCamera(page: Page, folder: string): Promise<Camera> {
  await mkdir(folder, { recursive: true })
  const session = await page.context().newCDPSession(page)
  const shots: Shot[] = []
  const written: Promise<void>[] = []
  session.on('Page.screencastFrame', ({ data, metadata, sessionId }) => {
    const file = join(folder, `${String(shots.length).padStart(5, '0')}.jpg`)
    shots.push({ atMs: (metadata.timestamp ?? Date.now() / 1_000) * 1_000, file })
    written.push(writeFile(file, Buffer.from(data, 'base64')))
    session.send('Page.screencastFrameAck', { sessionId }).catch(() => undefined)
  })
  await session.send('Page.startScreencast', { format: 'jpeg', quality: QUALITY })
  return {
    stop: async () => {
      await delay(LAST_MS)
      await session.send('Page.stopScreencast')
      await session.detach()
      await Promise.all(written)
      return shots
    },
  }
}
