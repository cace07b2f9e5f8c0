/** Where it is kept what apps may spend, and have: below the home. Nobody but its owner sees it, and no app reaches it. */
export const BOOKS_FILE = 'system/apps.json'
/** One that could not be read. */
export const BOOKS_ASIDE = 'system/apps.damaged.json'
