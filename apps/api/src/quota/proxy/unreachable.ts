/** No answer came from the provider. */
import { ProxyError } from './errors.ts'

export const unreachable = (cause: Error) =>
  new ProxyError('api_error', 'The AI provider cannot be reached. Try again shortly.', {
    retryAfterS: 5,
    cause,
  })
