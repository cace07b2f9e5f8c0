/** Keeps the soul on the page as its file is now. */

export interface SoulPanelOptions {
  /** Markdown; `null` when there is no such file. Rejects when the computer does not answer. */
  read: () => Promise<string | null>
  show: (markdown: string) => void
}

const NONE = 'No soul yet. Write one in `system/soul.md`.'

export function createSoulPanel({ read, show }: SoulPanelOptions) {
  let asked = 0
  let shown: string | null = null
  return {
    /** Never rejects: what is shown stays until the file is known to say something else. */
    async refresh(): Promise<void> {
      const mine = ++asked
      const text = await read().then(soulText, () => null)
      if (mine !== asked || text === null || text === shown) return
      shown = text
      show(text)
    },
  }
}

/** Without its title, which the card has already. A soul that is only a title shows that. */
export function soulText(soul: string | null): string {
  const text = soul?.trim() ?? ''
  return text.replace(/^# .*\n/, '').trim() || NONE
}
