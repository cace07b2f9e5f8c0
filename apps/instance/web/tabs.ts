/** On a small screen one part is shown at a time; arrow keys move between the tabs. */

import { find } from './dom.ts'

const PARTS = ['console', 'pad', 'soul']

export function startTabs(): void {
  const panel = find('parts', HTMLElement)
  const tabs = PARTS.map((part) => document.getElementById(`tab-${part}`)).filter((tab) => tab !== null)
  const choose = (index: number) => {
    panel.dataset.panel = PARTS[index]
    for (const [at, tab] of tabs.entries()) {
      tab.setAttribute('aria-selected', String(at === index))
      tab.tabIndex = at === index ? 0 : -1
    }
  }
  for (const [index, tab] of tabs.entries()) {
    tab.addEventListener('click', () => choose(index))
    tab.addEventListener('keydown', ({ key }) => {
      const step = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0
      if (step === 0) return
      const next = (index + step + tabs.length) % tabs.length
      choose(next)
      tabs[next]?.focus()
    })
  }
}
