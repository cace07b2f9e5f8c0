/** Which paths of the Messages API are passed on. */
import type { RouteKind } from '../format.ts'

/** No `.` or `..`: servers take them for another path. */
const ONE = '(?![.]{1,2}(?:/|$))[A-Za-z0-9._:-]{1,200}'

const ROUTES: [methods: string[], path: RegExp, kind: RouteKind][] = [
  [['POST'], /^\/v1\/messages$/, 'metered'],
  [['POST'], /^\/v1\/messages\/count_tokens$/, 'free'],
  [['GET'], new RegExp(`^/v1/models(/${ONE})?$`), 'free'],
  // One workspace is shared by all: on the platform's key, everyone would see everyone's.
  [['GET', 'POST', 'DELETE'], new RegExp(`^/v1/messages/batches(/${ONE}(/(cancel|results))?)?$`), 'own-key'],
  [['GET', 'POST', 'DELETE'], new RegExp(`^/v1/files(/${ONE}(/content)?)?$`), 'own-key'],
]

/** Paths match as they are written: no other spelling of one is passed on. */
export const routeOf = (method: string, path: string): RouteKind | null =>
  ROUTES.find(([methods, pattern]) => methods.includes(method) && pattern.test(path))?.[2] ?? null
