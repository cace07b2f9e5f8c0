/** The page: a bar, the desktop with its windows, and a dock. */
import { useMedia } from '../ui/use-media.ts'
import { Asleep } from './asleep.tsx'
import { Bar } from './bar.tsx'
import { deskApps } from './desk-apps.ts'
import { Dock } from './dock.tsx'
import { Home } from './home.tsx'
import { LazyPalette } from './palette/lazy.tsx'
import { PHONE } from './phone.ts'
import { useSheetHistory } from './sheet-history.ts'
import type { Start } from './start.ts'
import { Starting } from './starting.tsx'
import { useStore } from './store.ts'
import { Wallpaper } from './wallpaper.tsx'
import { WindowHost } from './windows/host.tsx'

interface ShellProps {
  handle: string
  start: Start
}

export function Shell({ handle, start }: ShellProps) {
  const state = useStore(start.state)
  const me = state.step === 'ready' ? state.me : null
  const apps = useStore(deskApps)
  const hasFailed = state.step === 'failed'
  const isSheet = useMedia(PHONE)
  useSheetHistory(isSheet)
  return (
    <>
      <Wallpaper handle={handle} />
      <Bar handle={handle} me={me} />
      <main>
        {me ? (
          <>
            <Home me={me} />
            <WindowHost me={me} isSheet={isSheet} />
          </>
        ) : (
          <Starting hasFailed={hasFailed} onRetry={start.ask} />
        )}
      </main>
      {me ? <Dock me={me} /> : <div className="dock" data-is-empty="" />}
      <LazyPalette me={me} hasNoAnswer={hasFailed} onRetry={start.ask} />
      {apps && me && !me.viewer && <apps.Questions />}
      <Asleep handle={handle} />
    </>
  )
}
