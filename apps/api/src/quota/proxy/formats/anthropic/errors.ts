/** Errors in the shape of the Messages API. */
import type { ProxyError } from '../../errors.ts'

export const renderError = ({ type, message }: ProxyError, requestId: string): string =>
  JSON.stringify({ type: 'error', error: { type, message }, request_id: requestId })
