/**
 * Preloaded into `@portkey-ai/gateway`: its npm build changes the headers of what `fetch` gives it, which Node forbids,
 * and then answers every stream with 500. A response of its own has headers that may be changed.
 */
const original = globalThis.fetch

globalThis.fetch = async (...args) => {
  const { body, status, statusText, headers } = await original(...args)
  return new Response(body, { status, statusText, headers: new Headers(headers) })
}
