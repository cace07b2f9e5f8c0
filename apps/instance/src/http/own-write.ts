/** Whether a request that changes something comes from this computer's own page. */
import type { IncomingMessage } from 'node:http'
import type { Settings } from '../env.ts'
import { isOwnOrigin } from './trust.ts'

/** No form and no other site's script can add it without being asked first (CORS), which is never granted here. */
const HEADER = 'x-mos-request'

export const isOwnWrite = (request: IncomingMessage, settings: Pick<Settings, 'externalOrigin'>): boolean =>
  request.headers[HEADER] === '1' && isOwnOrigin(request, settings)
