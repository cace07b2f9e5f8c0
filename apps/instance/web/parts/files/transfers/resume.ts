/** Goes on with what an earlier page was bringing in. Loads nothing in a browser that never brought anything in. */
import { LIST_DATABASE } from './database.ts'

export async function resumeTransfers(): Promise<void> {
  const databases = await indexedDB.databases()
  if (databases.some(({ name }) => name === LIST_DATABASE)) await import('./page.ts')
}
