/** On a phone, Back closes what fills the screen, as people expect it of their phone, and leaves the page only then. */
import { useEffect } from 'react'
import { minimiseAll, windows } from './desk.ts'
import { palette } from './palette/open.ts'
import { useStore } from './store.ts'
import { frontOf } from './windows/model.ts'

const isSheetEntry = () => history.state?.sheet === true

export function useSheetHistory(isSheet: boolean): void {
  const isOpen = frontOf(useStore(windows)) !== undefined
  useEffect(() => {
    // A screen that has become wide keeps its step: to go back now could call off where somebody is just going.
    if (!isSheet) return
    if (isOpen && !isSheetEntry()) history.pushState({ sheet: true }, '')
    // Closed by its own button: the way back has one step less.
    if (!isOpen && isSheetEntry()) history.back()
  }, [isOpen, isSheet])
  useEffect(() => {
    if (!isSheet) return
    const back = () => {
      if (isSheetEntry()) return
      if (!palette.get()) return minimiseAll()
      // It lies above what fills the screen, whose step is still to come.
      palette.set(false)
      if (frontOf(windows.get())) history.pushState({ sheet: true }, '')
    }
    window.addEventListener('popstate', back)
    return () => window.removeEventListener('popstate', back)
  }, [isSheet])
}
