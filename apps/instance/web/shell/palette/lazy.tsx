/** The palette, loaded when it is first called for. */
import { lazy, Suspense } from 'react'
import type { Me } from '../../../src/protocol.ts'
import { useStore } from '../store.ts'
import { palette } from './open.ts'

const Palette = lazy(() => import('./palette.tsx'))

export const LazyPalette = ({ me }: { me: Me }) =>
  useStore(palette) ? (
    <Suspense>
      <Palette me={me} />
    </Suspense>
  ) : null
