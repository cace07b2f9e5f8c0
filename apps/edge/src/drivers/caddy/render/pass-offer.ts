/** The cookie of a pass, on its way from the gate's answer to the client. */

import { PASS_COOKIE } from '@matrixos/shared'
import type { Handler } from './types.ts'

const KEPT = 'mos_pass'

/**
 * Comes beside the instance's own cookies, none of which may be the platform's. `source`: the placeholder of the gate's
 * header. It is kept before the instance is asked, whose headers then take the place of the gate's.
 */
export const tellPass = (source: string): Handler => ({
  handler: 'subroute',
  routes: [
    {
      match: [{ vars_regexp: { [source]: { pattern: `^${PASS_COOKIE}=` } } }],
      handle: [
        { handler: 'vars', [KEPT]: source },
        { handler: 'headers', response: { deferred: true, add: { 'Set-Cookie': [`{http.vars.${KEPT}}`] } } },
      ],
    },
  ],
})
