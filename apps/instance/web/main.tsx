/** Starts the page of the computer. */
import { createRoot } from 'react-dom/client'
import type { Me } from '../src/protocol.ts'
import { asleepFace, faceAfter } from './shell/asleep.tsx'
import { pulse, startPulse } from './shell/connection/pulse.ts'
import { windows } from './shell/desk.ts'
import { hasStarted, startKeeping } from './shell/keep.ts'
import { startKeys } from './shell/keys.ts'
import { readMe } from './shell/me.ts'
import { startCredits } from './shell/news/credits.ts'
import { Shell } from './shell/shell.tsx'
import { startWorker } from './shell/worker.ts'
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
  isShownAsleep: () => asleepFace.get() !== null,
  isWaking: () => asleepFace.get() === 'waking',
})
pulse.watch(() => asleepFace.update((face) => faceAfter(face, pulse.get(), document.hidden)))
startCredits()
startKeys()
startWorker()
const me = await readMe().catch(() => UNKNOWN)
// Whoever looks at somebody else's computer arranges it for this visit only.
if (!me.viewer) await startKeeping()
windows.watch(() => windows.get().length > 0 && hasStarted.set(true))
createRoot(root).render(<Shell me={me} />)
