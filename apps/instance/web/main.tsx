/** Starts the page of the computer. */
import { createRoot } from 'react-dom/client'
import type { Me } from '../src/protocol.ts'
import { asleepFace, faceAfter } from './shell/asleep.tsx'
import { pulse, startPulse } from './shell/connection/pulse.ts'
import { readMe } from './shell/me.ts'
import { startCredits } from './shell/news/credits.ts'
import { Shell } from './shell/shell.tsx'
import './shell/styles/index.css'

const root = document.getElementById('root')
if (!root) throw new Error('The page lacks #root.')
const handle = root.dataset.handle ?? ''

/** A page that cannot ask yet is its owner's until it can. */
const UNKNOWN: Me = {
  handle,
  displayName: handle,
  soul: null,
  viewer: null,
  terminal: 'console',
  consoleReason: null,
}

startPulse({
  onEvent: () => undefined,
  isShownAsleep: () => asleepFace.get() !== null,
  isWaking: () => asleepFace.get() === 'waking',
})
pulse.watch(() => asleepFace.update((face) => faceAfter(face, pulse.get(), document.hidden)))
startCredits()
const me = await readMe().catch(() => UNKNOWN)
createRoot(root).render(<Shell me={me} />)
