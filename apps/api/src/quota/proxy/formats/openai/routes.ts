/** Which paths of the OpenAI API are passed on. */
import type { RouteKind } from '../format.ts'

/** No `.` or `..`: servers take them for another path. */
const ONE = '(?![.]{1,2}(?:/|$))[A-Za-z0-9._:-]{1,200}'

const ROUTES: [methods: string[], path: RegExp, kind: RouteKind][] = [
  [['POST'], /^\/v1\/(chat\/completions|responses)$/, 'metered'],
  [['GET'], new RegExp(`^/v1/models(/${ONE})?$`), 'free'],
  // What the provider keeps is one project's, and all share the platform's: on its key, everyone would see everyone's.
  [['GET'], /^\/v1\/chat\/completions$/, 'own-key'],
  [['GET', 'POST', 'DELETE'], new RegExp(`^/v1/chat/completions/${ONE}(/messages)?$`), 'own-key'],
  [['GET', 'POST', 'DELETE'], new RegExp(`^/v1/responses/${ONE}(/(cancel|input_items))?$`), 'own-key'],
  [['GET', 'POST', 'DELETE'], new RegExp(`^/v1/conversations(/${ONE}(/items(/${ONE})?)?)?$`), 'own-key'],
  [['GET', 'POST'], new RegExp(`^/v1/batches(/${ONE}(/cancel)?)?$`), 'own-key'],
  [['GET', 'POST', 'DELETE'], new RegExp(`^/v1/files(/${ONE}(/content)?)?$`), 'own-key'],
]

/** Paths match as they are written: no other spelling of one is passed on. */
export const routeOf = (method: string, path: string): RouteKind | null =>
  ROUTES.find(([methods, pattern]) => methods.includes(method) && pattern.test(path))?.[2] ?? null
