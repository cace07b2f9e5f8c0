/** Starts the page of the computer. */
import { createRoot } from 'react-dom/client'
import { asleepFace, faceAfter } from './shell/asleep.tsx'
import { pulse, startPulse } from './shell/connection/pulse.ts'
import { windows } from './shell/desk.ts'
import { loadDeskApps } from './shell/desk-apps.ts'
import { hasStarted, hearLook, recallLook, startKeeping } from './shell/keep.ts'
import { startKeys } from './shell/keys.ts'
import { readMe } from './shell/me.ts'
import { startCredits } from './shell/news/credits.ts'
import { loadPalette } from './shell/palette/load.ts'
import { resumeParts } from './shell/parts.ts'
import { Shell } from './shell/shell.tsx'
import { createStart } from './shell/start.ts'
import { whenIdle } from './shell/when-idle.ts'
import { startWorker } from './shell/worker.ts'
import './shell/styles/index.css'

const root = document.getElementById('root')
if (!root) throw new Error('The page lacks #root.')
const handle = root.dataset.handle ?? ''

const start = createStart({ readMe, recall: startKeeping })

recallLook()
startPulse({
  isShownAsleep: () => asleepFace.get() !== null,
  isWaking: () => asleepFace.get() === 'waking',
  onEvent: (event) => event.type === 'look' && hearLook(event.look),
})
pulse.watch(() => asleepFace.update((face) => faceAfter(face, pulse.get(), document.hidden)))
startCredits()
startKeys()
startWorker()
windows.watch(() => windows.get().length > 0 && hasStarted.set(true))
// Back in touch: what could not be asked can be asked now.
pulse.watch(() => pulse.get() === 'open' && start.state.get().step === 'failed' && start.ask())
start.state.watch(() => {
  const state = start.state.get()
  if (state.step !== 'ready') return
  // Without them, the apps are in their part.
  whenIdle(() => loadDeskApps().catch(() => undefined))
  whenIdle(() => loadPalette().catch(() => undefined))
  if (!state.me.viewer) whenIdle(resumeParts)
})
createRoot(root).render(<Shell handle={handle} start={start} />)
await start.ask()
