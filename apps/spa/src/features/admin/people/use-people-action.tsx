/** The way from a button to the dialog that shows whom an action touches and does it. */
import type { PeopleAction, PeopleSelection } from '@matrixos/shared'
import { useRef, useState } from 'react'
import { ActionDialog } from './action-dialog.tsx'

export type AskAction = (action: PeopleAction, selection: PeopleSelection, opener: HTMLElement | null) => void

/** `ask` opens the dialog; `dialog` is to be drawn once. `onDone`: it was done, also where it left somebody out. */
export function usePeopleAction(onDone?: () => void) {
  const [asked, setAsked] = useState<{ action: PeopleAction; selection: PeopleSelection } | null>(null)
  const opener = useRef<HTMLElement>(null)
  const ask: AskAction = (action, selection, element) => {
    opener.current = element
    setAsked({ action, selection })
  }
  const dialog = asked && (
    <ActionDialog {...asked} opener={opener} onClose={() => setAsked(null)} {...(onDone && { onDone })} />
  )
  return { ask, dialog }
}
