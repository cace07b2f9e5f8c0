/** The soul as it is shown. */

const NONE = 'No soul yet. Write one in `system/soul.md`.'

/** Without its title, which the window has already. A soul that is only a title shows that. */
export function soulText(soul: string | null): string {
  const text = soul?.trim() ?? ''
  return text.replace(/^# .*\n/, '').trim() || NONE
}
