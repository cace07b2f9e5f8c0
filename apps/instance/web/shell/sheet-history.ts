/** On a phone, Back closes what fills the screen, as people expect it of their phone, and leaves the page only then. */
import { useEffect } from 'react'
import { minimiseAll, windows } from './desk.ts'
import { useStore } from './store.ts'
import { frontOf } from './windows/model.ts'

const isSheetEntry = () => history.state?.sheet === true

export function useSheetHistory(isSheet: boolean): void {
  const isOpen = frontOf(useStore(windows)) !== undefined && isSheet
  useEffect(() => {
    if (isOpen && !isSheetEntry()) history.pushState({ sheet: true }, '')
    // Closed by its own button: the way back has one step less.
    if (!isOpen && isSheetEntry()) history.back()
  }, [isOpen])
  useEffect(() => {
    if (!isSheet) return
    const back = () => !isSheetEntry() && minimiseAll()
    window.addEventListener('popstate', back)
    return () => window.removeEventListener('popstate', back)
  }, [isSheet])
}
