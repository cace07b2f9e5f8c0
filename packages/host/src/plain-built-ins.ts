/**
 * For bundles: Node's modules without what comes along when they are imported. To import one is to read all of its exports, and some are
 * made when they are first read: `node:http` loads Node's client for WebSockets and `fetch`, 14 MB and 30 ms of a start, for who uses
 * none of it.
 */
import { getBuiltinModule } from 'node:process'

/** Those that have such exports, and which of them are left out: what is imported as a whole would read them as well. */
const MODULES: Record<string, readonly string[]> = {
  http: ['WebSocket', 'CloseEvent', 'MessageEvent'],
  crypto: [],
  util: [],
}

const MARK = '\0plain:'

/** A plugin of Vite and Rolldown. */
export const plainBuiltIns = {
  name: 'plain-built-ins',
  enforce: 'pre' as const,
  // What is required is asked for its exports one by one anyway.
  resolveId(id: string, _importer?: string, { kind }: { kind?: string } = {}) {
    const name = id.replace(/^node:/, '')
    return Object.hasOwn(MODULES, name) && kind !== 'require-call' ? MARK + name : null
  },
  load: (id: string) => (id.startsWith(MARK) ? sourceOf(id.slice(MARK.length)) : null),
}

/** Pure, so that what nobody uses is left out, and never read. */
function sourceOf(name: string): string {
  const exported = Object.keys(getBuiltinModule(name) ?? {}).filter((each) => !MODULES[name]?.includes(each))
  return [
    `const all = process.getBuiltinModule('node:${name}')`,
    'const of = (name) => all[name]',
    'export default all',
    ...exported.map((each) => `export const ${each} = /* @__PURE__ */ of('${each}')`),
  ].join('\n')
}
