/** Names of apps, which are half of their host's first label. No schema is here: computers' pages use it, and have no room for zod. */

/** Between an app's name and its owner's handle: no handle and no app holds it. */
export const APP_SEPARATOR = '--'

/**
 * Together with the longest handle it fits a label of a host name (63 characters). Three at least: a label with `--` in
 * third place is reserved for internationalized names (RFC 5891, 4.2.3.1).
 */
const PATTERN = /^[a-z][a-z0-9-]{1,27}[a-z0-9]$/

export const APP_NAME_RULE = '3–29 letters, numbers or hyphens, beginning with a letter'

/** Folder of an app below `apps/`, and the first half of its host. */
export const isAppName = (text: string): boolean => PATTERN.test(text) && !text.includes(APP_SEPARATOR)
