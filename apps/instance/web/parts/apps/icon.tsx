/** An app's icon: its picture, its emoji, or the dots of its name. */
import { useState } from 'react'
import type { AppEntry } from '../../../src/apps/protocol.ts'
import { Glyph } from '../../ui/glyph.tsx'
import './icon.css'

export function AppIcon({ app }: { app: Pick<AppEntry, 'name' | 'icon'> }) {
  const [isMissing, setIsMissing] = useState(false)
  const { icon, name } = app
  return (
    <span className="app-icon" aria-hidden="true">
      {icon?.kind === 'file' && !isMissing ? (
        <img src={icon.url} alt="" onError={() => setIsMissing(true)} />
      ) : icon?.kind === 'text' ? (
        <span>{icon.text}</span>
      ) : (
        <Glyph handle={name} />
      )}
    </span>
  )
}
