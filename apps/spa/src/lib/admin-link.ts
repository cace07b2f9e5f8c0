/** The secret of the link to `/admin/accept`, kept by the tab while its person signs in. */
const KEY = 'mos.admin-link'

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/** A browser that forbids storage keeps it as long as the page. */
export function createAdminLink(store: () => Store) {
  let kept: string | null = null
  return {
    keep(secret: string): void {
      kept = secret
      try {
        store().setItem(KEY, secret)
      } catch {}
    },
    read(): string | null {
      try {
        return store().getItem(KEY) ?? kept
      } catch {
        return kept
      }
    },
    forget(): void {
      kept = null
      try {
        store().removeItem(KEY)
      } catch {}
    },
  }
}

export const adminLink = createAdminLink(() => sessionStorage)
