/** The bar: whose computer it is, how it is, a way to everything, and the way to the dashboard. */
import type { Me } from '../../src/protocol.ts'
import { DotClock } from '../ui/dot-clock.tsx'
import { Glyph } from '../ui/glyph.tsx'
import { windows } from './desk.ts'
import { News, StateLamp } from './news/news.tsx'
import { palette } from './palette/open.ts'
import { isMac } from './platform.ts'
import { useStore } from './store.ts'
import { frontOf } from './windows/model.ts'

interface BarProps {
  handle: string
  /** `null` until the computer has said who is here. */
  me: Me | null
}

export function Bar({ handle, me }: BarProps) {
  const isCovered = frontOf(useStore(windows)) !== undefined
  return (
    <header className="bar">
      <Glyph handle={handle} />
      <span className="name">{handle}</span>
      {isCovered && <DotClock />}
      {me?.viewer && (
        <span className="viewer">
          <span>Viewing as </span>
          {me.viewer.handle}
        </span>
      )}
      <button type="button" className="find-anything" onClick={() => palette.set(true)}>
        <SearchIcon />
        <span>Find or do anything</span>
        <kbd>{isMac ? '⌘K' : 'Ctrl K'}</kbd>
      </button>
      <StateLamp />
      <a className="dashboard" href="/.mos/dashboard">
        Dashboard
      </a>
      <News />
    </header>
  )
}

const SearchIcon = () => (
  <svg viewBox="0 0 16 16" className="search-icon" aria-hidden="true">
    <circle cx="7" cy="7" r="4.5" />
    <path d="M10.5 10.5 14 14" />
  </svg>
)
