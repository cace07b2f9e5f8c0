/**
 * For bundles: `node:http` without what Node loads along with it. To import a built-in module is to read all of its exports, and three of
 * this one's are of Node's client for WebSockets and `fetch`: 14 MB and 30 ms of a start, for who uses none of it.
 */
import http from 'node:http'

/** Of the client: whoever wants them has the global ones. */
const OF_THE_CLIENT = new Set(['WebSocket', 'CloseEvent', 'MessageEvent'])

const MODULE = '\0http-alone'

/** A plugin of Vite and Rolldown. */
export const httpAlone = {
  name: 'http-alone',
  enforce: 'pre' as const,
  // What is required is asked for its exports one by one anyway.
  resolveId: (id: string, _importer?: string, { kind }: { kind?: string } = {}) =>
    (id === 'node:http' || id === 'http') && kind !== 'require-call' ? MODULE : null,
  load: (id: string) => (id === MODULE ? SOURCE : null),
}

const names = Object.keys(http).filter((name) => !OF_THE_CLIENT.has(name))

const SOURCE = [
  "const http = process.getBuiltinModule('node:http')",
  'export default http',
  `export const { ${names.join(', ')} } = http`,
].join('\n')
