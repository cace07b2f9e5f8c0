/** Actions of the audit log as people read them. */

/** `account_suspended` → `Account suspended`. */
export function actionText(action: string): string {
  const text = action.replaceAll('_', ' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}
