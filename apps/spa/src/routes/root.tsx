/** The frame of every page of `app.DOMAIN`: skip link, and a banner while the network is away. */
import { WILL_RECONNECT } from '@matrixos/shared'
import { Outlet } from '@tanstack/react-router'
import { WifiOff } from 'lucide-react'
import { OFFLINE } from '../lib/texts.ts'
import { useOnline } from '../lib/use-online.ts'

export function RootLayout() {
  const online = useOnline()
  return (
    <>
      <a
        href="#main"
        className="sr-only z-50 rounded-control bg-accent px-4 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-3 focus:left-3"
      >
        Skip to content
      </a>
      <div role="status">
        {!online && (
          <p className="flex items-center justify-center gap-2.5 bg-warn-soft px-4 py-2.5 text-sm">
            <WifiOff aria-hidden className="size-4 text-warn" />
            {OFFLINE}. {WILL_RECONNECT}
          </p>
        )}
      </div>
      <Outlet />
    </>
  )
}
