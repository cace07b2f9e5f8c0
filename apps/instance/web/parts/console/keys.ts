/** What keys do at the prompt: history with the arrows, names with Tab, Ctrl+C for a fresh line. */
import type { Completions, ConsoleSession } from './session.ts'
import { createTabKey } from './tab-key.ts'

export interface PromptKeys {
  down(event: KeyboardEvent): void
  /** A key of the row for thumbs. */
  press(key: string): void
  completions(event: Completions): void
  lost(): void
}

export function createPromptKeys(session: ConsoleSession, input: () => HTMLInputElement | null): PromptKeys {
  const tab = createTabKey()

  /** Whether the key meant something here; otherwise the browser does what it always does. */
  const onKey = (key: string): boolean => {
    const field = input()
    if (!field) return false
    if (key === 'Escape') tab.escape()
    else if (key !== 'Tab') tab.other()
    if (key === 'Tab') {
      const line = field.value.slice(0, field.selectionStart ?? undefined)
      const todo = tab.press(line)
      if (todo === 'ask' && !session.complete(line)) {
        tab.forget()
        return false
      }
      return todo !== 'leave'
    }
    if (key !== 'ArrowUp' && key !== 'ArrowDown') return false
    field.value = session.history.step(key === 'ArrowUp' ? -1 : 1)
    field.setSelectionRange(field.value.length, field.value.length)
    return true
  }
  const hasSelection = (field: HTMLInputElement) =>
    field.selectionStart !== field.selectionEnd || getSelection()?.isCollapsed === false
  const cancel = (field: HTMLInputElement) => {
    session.cancel(field.value)
    field.value = ''
  }

  return {
    press(key) {
      onKey(key)
      input()?.focus({ preventScroll: true })
    },
    lost: tab.forget,
    down(event) {
      const field = input()
      if (!field) return
      const control = event.ctrlKey && !event.altKey && !event.metaKey && !event.shiftKey ? event.key : null
      if (control === 'l') session.clear()
      else if (control === 'c' && !hasSelection(field)) cancel(field)
      else if (event.shiftKey || event.ctrlKey || event.altKey || event.metaKey || !onKey(event.key)) return
      event.preventDefault()
    },
    completions({ line, completed, options }) {
      const field = input()
      tab.answered(line, completed !== line)
      // Typed on in the meantime: the answer is to another question.
      if (!field?.value.startsWith(line)) return
      field.value = completed + field.value.slice(line.length)
      field.setSelectionRange(completed.length, completed.length)
      if (options.length > 1 && completed === line) session.print('options', options.join('   '))
    },
  }
}
