/** Of JSON that comes from anybody: what is read may be deeper than what can be written again. */
const DEEPEST = 100

/** Whether it can be passed on. */
export function isShallow(value: unknown, levels = DEEPEST): boolean {
  if (typeof value !== 'object' || value === null) return true
  return levels > 0 && Object.values(value).every((one) => isShallow(one, levels - 1))
}
