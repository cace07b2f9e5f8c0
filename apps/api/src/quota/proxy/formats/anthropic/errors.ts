/** Errors in the shape of the Messages API. */
import type { ProxyError } from '../../errors.ts'

export const renderError = ({ type, message, status }: ProxyError, requestId: string) => ({
  status,
  body: JSON.stringify({ type: 'error', error: { type, message }, request_id: requestId }),
})
