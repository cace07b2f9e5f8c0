/** The glass of one terminal. It stays while another tab is shown, and goes on drawing. */
import { useEffect, useRef } from 'react'
import { useStore } from '../../shell/store.ts'
import * as hub from './hub.ts'
import { createScreen, type Screen, type ScreenOptions } from './screen.ts'
import { settings } from './settings.ts'

export interface StageProps extends Pick<ScreenOptions, 'onType' | 'onAsk' | 'onCopied' | 'onFind'> {
  session: string
  isShown: boolean
  /** Whether somebody works in it: its size is the terminal's then. */
  isActive: boolean
  /** Where others find this one's screen. */
  screens: Map<string, Screen>
}

export function Stage(props: StageProps) {
  const { session, isShown, isActive, screens } = props
  const element = useRef<HTMLDivElement>(null)
  const current = useRef(props)
  current.current = props
  const fit = useRef<() => void>(() => undefined)
  const looks = useStore(settings)
  const link = useStore(hub.linkState)

  useEffect(() => {
    if (!element.current) return
    const screen = createScreen({
      element: element.current,
      settings: settings.get(),
      onType: (...typed) => current.current.onType(...typed),
      onAsk: (...asked) => current.current.onAsk(...asked),
      onCopied: (...copied) => current.current.onCopied(...copied),
      onFind: () => current.current.onFind(),
      isActive: () => current.current.isActive && document.hasFocus(),
    })
    screens.set(session, screen)
    const view = hub.attach(session, {
      ...screen,
      begin(columns, rows) {
        screen.begin(columns, rows)
        fit.current()
      },
    })
    fit.current = () => {
      const room = current.current.isActive ? screen.room() : null
      if (room) view.fit(room.columns, room.rows)
    }
    const observer = new ResizeObserver(() => fit.current())
    observer.observe(element.current)
    return () => {
      observer.disconnect()
      fit.current = () => undefined
      view.end()
      screens.delete(session)
      screen.dispose()
    }
  }, [session, screens])

  useEffect(() => {
    screens.get(session)?.change(looks)
    fit.current()
  }, [looks, session, screens])
  useEffect(() => {
    if (!isActive || link !== 'open') return
    fit.current()
    if (matchMedia('(pointer: fine)').matches) screens.get(session)?.focus()
  }, [isActive, link, session, screens])

  return <div className="stage" hidden={!isShown} ref={element} data-session={session} />
}
