/** How a procedure is offered over plain HTTP: what it declares, and adapter, document and reference page read. */

/** Groups of the reference page, in its order. */
export const ENDPOINT_TAGS = ['People', 'Feed', 'Computers', 'Apps', 'Credits', 'Platform'] as const

export interface Endpoint {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Parts in braces are keys of the input: `/users/{handle}/profile`. */
  path: `/${string}`
  tag: (typeof ENDPOINT_TAGS)[number]
  /** A few words, as a title. */
  summary: string
  /** Sentences for whoever calls it. */
  description?: string
  /** Its query names something that need not be there; what a path or a token names need not, anyway. */
  namesInQuery?: boolean
  /** Seconds that anyone on the way may keep what strangers are answered. Without it, they ask each time whether it changed. */
  keptForS?: number
}
