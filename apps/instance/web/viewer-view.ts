/** Says to a viewer whose computer this is, and what they may do with it. */
import type { Me } from '../src/protocol.ts'
import { find } from './dom.ts'

export function showViewer({ handle, canUseNotes }: NonNullable<Me['viewer']>): void {
  const mark = find('viewer', HTMLElement)
  const lead = document.createElement('span')
  lead.textContent = 'Viewing as '
  mark.replaceChildren(lead, handle)
  mark.hidden = false
  const greeting = find('greeting', HTMLElement)
  greeting.textContent = `${greeting.dataset.handle}’s computer`
  find('console-hint', HTMLElement).textContent = 'You can look around. Only the owner can change files.'
  if (canUseNotes) return
  const area = find('pad-text', HTMLTextAreaElement)
  area.placeholder = 'The owner keeps the note pad to themselves.'
  const state = find('pad-state', HTMLElement)
  state.textContent = 'Private'
  state.dataset.tone = 'quiet'
}
