/** `fetch` with a timeout: a server that accepts and never responds would leave a page waiting forever. */

interface Init {
  signal?: AbortSignal | null | undefined
}

/** `timeoutMs`: until the whole answer must have begun. Rejects with a `TimeoutError`, which reads as "no answer". */
export const timeoutFetch =
  (timeoutMs: number, send: typeof fetch = fetch) =>
  (input: RequestInfo | URL | string, init: Init = {}): Promise<Response> => {
    const limit = AbortSignal.timeout(timeoutMs)
    const signal = init.signal ? AbortSignal.any([init.signal, limit]) : limit
    return send(input, { ...init, signal } as RequestInit)
  }
