/** Breaks each import rule once, in a tree of its own, and sees it reported. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { ROOT } from '@matrixos/host/root'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { importRules } from './import-rules.ts'

const API = 'apps/api/src'
const EDGE = 'apps/edge/src'

/** By rule: a file, and what it must not import. `type:` imports a type only. */
const PLANTED: Record<string, [from: string, to: string][]> = {
  'no-cycles': [['packages/shared/src/a.ts', 'packages/shared/src/b.ts']],
  resolvable: [['packages/shared/src/lost.ts', 'packages/shared/src/absent.ts']],
  'shared-imports-zod-only': [['packages/shared/src/node.ts', 'packages/host/src/root.ts']],
  'host-imports-nothing-of-the-platform': [['packages/host/src/x.ts', 'packages/shared/src/b.ts']],
  'api-client-imports-nothing-of-the-platform': [
    ['packages/api-client/src/x.ts', 'packages/shared/src/b.ts'],
  ],
  'client-imports-shared-and-types-of-the-api': [
    ['packages/client/src/x.ts', 'packages/testing/src/until.ts'],
    ['packages/client/src/deep.ts', `type:${API}/auth/store.ts`],
  ],
  'client-imports-only-types-of-the-api': [['packages/client/src/router.ts', `${API}/router.ts`]],
  'testing-imports-no-app': [['packages/testing/src/until.ts', `${EDGE}/log.ts`]],
  'ports-import-shared-only': [[`${API}/ports/runtime.ts`, `${API}/errors.ts`]],
  'drivers-know-no-domain': [
    [`${API}/drivers/runtime/docker/index.ts`, `${API}/tenants/store.ts`],
    [`${API}/drivers/home-store/local/index.ts`, `${API}/env.ts`],
  ],
  'drivers-know-no-other-driver': [
    [`${API}/drivers/runtime/docker/start.ts`, `${API}/drivers/runtime/process/index.ts`],
    [`${API}/drivers/database/pglite/index.ts`, `${API}/drivers/database/postgres/index.ts`],
    [`${API}/drivers/runtime/docker/stop.ts`, `${API}/drivers/home-store/local/index.ts`],
    [`${API}/drivers/runtime/process/index.ts`, `${API}/drivers/database/postgres/index.ts`],
  ],
  'domains-know-no-driver': [[`${API}/tenants/service.ts`, `${API}/drivers/runtime/docker/index.ts`]],
  'only-modules-know-the-environment': [[`${API}/gate/service.ts`, `type:${API}/env.ts`]],
  'domains-know-no-server': [[`${API}/tenants/router.ts`, `${API}/http/server.ts`]],
  'domains-know-no-other-domain': [[`${API}/gate/store.ts`, `${API}/auth/store.ts`]],
  'http-and-access-know-no-domain': [[`${API}/http/trpc.ts`, `type:${API}/auth/store.ts`]],
  'one-composition-root': [[`${API}/router.ts`, `${API}/compose.ts`]],
  'one-composition-root-of-the-proxy': [[`${API}/compose.ts`, `${API}/compose-proxy.ts`]],
  'edge-policy-imports-shared-only': [[`${EDGE}/policy/limits.ts`, `${EDGE}/log.ts`]],
  'edge-drivers-know-no-other-driver': [
    [`${EDGE}/drivers/caddy/driver.ts`, `${EDGE}/drivers/embedded/driver.ts`],
    [`${EDGE}/drivers/embedded/driver.ts`, `${EDGE}/api/client.ts`],
  ],
  'edge-api-knows-no-driver': [[`${EDGE}/api/in-flight.ts`, `${EDGE}/drivers/caddy/driver.ts`]],
  'apps-import-only-types-of-the-api': [[`${EDGE}/main.ts`, `${API}/errors.ts`]],
  'apps-know-no-other-app': [
    [`${EDGE}/compose.ts`, 'apps/spa/server/headers.ts'],
    [`${API}/auth/store.ts`, `type:${EDGE}/log.ts`],
  ],
  'apps-import-no-test-helper': [['apps/spa/src/lib/x.ts', 'packages/testing/src/until.ts']],
  'ui-imports-react-and-radix': [['apps/spa/src/ui/button.tsx', 'apps/spa/src/lib/x.ts']],
  'no-app-imports-tests-or-scripts': [[`${EDGE}/env.ts`, 'scripts/check.ts']],
  'scripts-import-no-test': [['scripts/demo.ts', 'tests/support/stack.ts']],
  'tests-import-no-script': [['tests/system/x.test.ts', 'scripts/check.ts']],
}

let root = ''
let output = ''

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'mos-rules-'))
  for (const name of ['.dependency-cruiser.cjs', 'tsconfig.json'])
    copyFileSync(join(ROOT, name), join(root, name))
  writeFileSync(join(root, 'package.json'), '{"type":"module"}')
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'))
  const imports = new Map<string, string[]>()
  const add = (from: string, line?: string) =>
    imports.set(from, [...(imports.get(from) ?? []), ...(line ? [line] : [])])
  for (const [from, planted] of Object.values(PLANTED).flat()) {
    const [to = '', kind] = planted.split(':').reverse()
    const path = relative(dirname(from), to)
    add(from, `import ${kind ? 'type ' : ''}{ x } from '${path.startsWith('.') ? path : `./${path}`}'`)
    if (!to.endsWith('absent.ts')) add(to)
  }
  add('packages/shared/src/b.ts', "import { x } from './a.ts'")
  for (const [path, lines] of imports) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), `${[...new Set(lines)].join('\n')}\n`)
  }
  output = (await importRules(root)).output
}, 60_000)

afterAll(() => rmSync(root, { recursive: true }))

test('violates every rule once', () => {
  const { forbidden } = createRequire(import.meta.url)(join(ROOT, '.dependency-cruiser.cjs'))
  expect(Object.keys(PLANTED).sort()).toEqual(forbidden.map(({ name }: { name: string }) => name).sort())
})

test.each(Object.entries(PLANTED).flatMap(([name, places]) => places.map((place) => [name, ...place])))(
  '%s reports %s → %s',
  (name, from = '', to = '') => {
    expect(output).toContain(`error ${name}: ${from} → `)
    if (name !== 'resolvable') expect(output).toContain(`error ${name}: ${from} → ${to.replace('type:', '')}`)
  },
)
