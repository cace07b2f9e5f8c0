/** The page: a bar, the desktop with its windows, and a dock. */
import type { Me } from '../../src/protocol.ts'
import { useMedia } from '../ui/use-media.ts'
import { Asleep } from './asleep.tsx'
import { Bar } from './bar.tsx'
import { Dock } from './dock.tsx'
import { Home } from './home.tsx'
import { LazyPalette } from './palette/lazy.tsx'
import { PHONE } from './phone.ts'
import { useSheetHistory } from './sheet-history.ts'
import { Wallpaper } from './wallpaper.tsx'
import { WindowHost } from './windows/host.tsx'

export function Shell({ me }: { me: Me }) {
  const isSheet = useMedia(PHONE)
  useSheetHistory(isSheet)
  return (
    <>
      <Wallpaper handle={me.handle} />
      <Bar me={me} />
      <main>
        <Home me={me} />
        <WindowHost me={me} isSheet={isSheet} />
      </main>
      <Dock me={me} />
      <LazyPalette me={me} />
      <Asleep handle={me.handle} />
    </>
  )
}
