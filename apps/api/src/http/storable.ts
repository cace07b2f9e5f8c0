/** What PostgreSQL can hold as text: no NUL, and no half of a surrogate pair, which JSON can carry and UTF-8 cannot. */

const isStorableText = (text: string): boolean => text.isWellFormed() && !text.includes('\0')

/** Whether all texts in a value that came as JSON can be stored. Without recursion: strangers nest as deep as they like. */
export function isStorable(input: unknown): boolean {
  const left: unknown[] = [input]
  while (left.length > 0) {
    const value = left.pop()
    if (typeof value === 'string' && !isStorableText(value)) return false
    if (typeof value === 'object' && value !== null)
      for (const inner of Object.values(value)) left.push(inner)
  }
  return true
}
