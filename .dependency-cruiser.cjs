/**
 * Who may import whom: the rules of ARCHITECTURE.md. `npm run check` also asserts that modules were read, and
 * `scripts/check/import-rules.test.ts` breaks every rule once.
 */
const API = '^apps/api/src/'
const EDGE = '^apps/edge/src/'
const DOMAINS =
  '(auth|tenants|gate|sharing|publishing|quota|social|admin|audit|settings|channels|schedules|errands|homeserver|webhooks)'
const TESTS = '(\\.test\\.tsx?$|/testing/)'
const NOT_AS_TYPE = { dependencyTypesNot: ['type-only'] }

const rule = (name, from, to, comment) => ({ name, severity: 'error', comment, from, to })

module.exports = {
  forbidden: [
    rule('no-cycles', {}, { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } }),
    rule('resolvable', {}, { couldNotResolve: true }),

    // Packages.
    rule(
      'shared-imports-zod-only',
      { path: '^packages/shared/', pathNot: TESTS },
      { pathNot: '^(packages/shared/|node_modules/zod/)' },
    ),
    rule(
      'host-imports-nothing-of-the-platform',
      { path: '^packages/host/', pathNot: TESTS },
      { path: '^(apps|packages|tests|scripts)/', pathNot: '^packages/host/' },
    ),
    rule(
      'api-client-imports-nothing-of-the-platform',
      { path: '^packages/api-client/', pathNot: TESTS },
      { path: '^(apps|packages|tests|scripts)/', pathNot: '^packages/api-client/' },
      'Third parties copy it: it knows what the document says.',
    ),
    rule(
      'client-imports-shared-and-types-of-the-api',
      { path: '^packages/client/', pathNot: TESTS },
      {
        path: '^(apps|packages|tests|scripts)/',
        pathNot: '^(packages/(client|shared)/|apps/api/src/router\\.ts$)',
      },
    ),
    rule(
      'client-imports-only-types-of-the-api',
      { path: '^packages/client/', pathNot: TESTS },
      { path: '^apps/api/', ...NOT_AS_TYPE },
    ),
    rule(
      'testing-imports-no-app',
      { path: '^packages/testing/', pathNot: '\\.test\\.ts$' },
      { path: '^(apps|tests|scripts)/' },
    ),

    // The api.
    rule(
      'ports-import-shared-only',
      { path: `${API}ports/`, pathNot: TESTS },
      { pathNot: `^(apps/api/src/ports/|packages/shared/)` },
    ),
    rule(
      'drivers-know-no-domain',
      { path: `${API}drivers/`, pathNot: TESTS },
      {
        path: [`${API}${DOMAINS}/`, `${API}(http|access|limits|jobs)/`, `${API}[^/]+\\.ts$`],
        pathNot: `${API}errors\\.ts$`,
      },
    ),
    rule(
      'drivers-know-no-other-driver',
      { path: `${API}drivers/([^/]+)/([^/]+)/`, pathNot: TESTS },
      { path: `${API}drivers/`, pathNot: [`${API}drivers/$1/$2/`, `${API}drivers/$1/[^/]+\\.ts$`] },
      'What the drivers of one port share stands beside their folders.',
    ),
    rule(
      'domains-know-no-driver',
      { path: `${API}${DOMAINS}/`, pathNot: TESTS },
      {
        path: `${API}(drivers/|(drivers|open-database)\\.ts|compose(-proxy)?\\.ts|(proxy-)?main\\.ts|router\\.ts)`,
      },
    ),
    rule(
      'only-modules-know-the-environment',
      { path: `${API}${DOMAINS}/`, pathNot: [TESTS, '/module\\.ts$'] },
      { path: `${API}env\\.ts$` },
    ),
    rule(
      'domains-know-no-server',
      { path: `${API}${DOMAINS}/`, pathNot: TESTS },
      { path: `${API}http/(server|listen|listen-tcp)\\.ts$` },
    ),
    rule(
      'domains-know-no-other-domain',
      { path: `${API}${DOMAINS}/`, pathNot: TESTS },
      { path: `${API}${DOMAINS}/`, pathNot: `${API}$1/`, ...NOT_AS_TYPE },
      'Another domain arrives as a typed argument: only its types may be imported.',
    ),
    rule(
      'http-and-access-know-no-domain',
      { path: `${API}(http|access|limits|jobs|db)/`, pathNot: TESTS },
      {
        path: [
          `${API}${DOMAINS}/`,
          `${API}drivers/`,
          `${API}(compose|main|router|drivers|open-database|env)\\.ts$`,
        ],
      },
    ),
    rule(
      'one-composition-root',
      { pathNot: '^(apps/api/src/(main|compose)\\.ts|tests/)' },
      { path: `${API}compose\\.ts$` },
    ),
    rule(
      'one-composition-root-of-the-proxy',
      { pathNot: '^(apps/api/src/proxy-main\\.ts|apps/api/src/compose-proxy(\\.test)?\\.ts|tests/)' },
      { path: `${API}compose-proxy\\.ts$` },
    ),

    // The edge.
    rule(
      'edge-policy-imports-shared-only',
      { path: `${EDGE}policy/`, pathNot: TESTS },
      { path: '^(apps|packages)/', pathNot: [`${EDGE}policy/`, '^packages/shared/'] },
    ),
    rule(
      'edge-drivers-know-no-other-driver',
      { path: `${EDGE}drivers/([^/]+)/`, pathNot: TESTS },
      {
        path: [`${EDGE}drivers/`, `${EDGE}(api/|compose\\.ts|main\\.ts|env\\.ts)`],
        pathNot: `${EDGE}drivers/$1/`,
      },
    ),
    rule(
      'edge-api-knows-no-driver',
      { path: `${EDGE}api/`, pathNot: TESTS },
      { path: `${EDGE}(drivers/|compose\\.ts)` },
    ),

    // Apps among each other.
    rule(
      'apps-import-only-types-of-the-api',
      { path: '^apps/(spa|edge|instance|supervisor)/', pathNot: TESTS },
      { path: '^apps/api/', ...NOT_AS_TYPE },
    ),
    rule(
      'apps-know-no-other-app',
      { path: '^apps/([^/]+)/', pathNot: TESTS },
      { path: '^apps/', pathNot: ['^apps/$1/', '^apps/api/', '^apps/instance/build\\.ts$'] },
      'The supervisor builds the page of instances, and starts everything else as a process.',
    ),
    rule(
      'apps-import-no-test-helper',
      { path: '^(apps|packages)/', pathNot: [TESTS, '^packages/testing/'] },
      { path: '^packages/testing/' },
    ),
    rule(
      'ui-imports-react-and-radix',
      { path: '^apps/spa/src/ui/' },
      { path: '^(apps|packages)/|^node_modules/(@trpc|@tanstack)/', pathNot: '^apps/spa/src/ui/' },
    ),
    rule(
      'no-app-imports-tests-or-scripts',
      { path: '^(apps|packages)/', pathNot: TESTS },
      { path: '^(tests|scripts)/' },
    ),
    rule('scripts-import-no-test', { path: '^scripts/' }, { path: '^tests/' }),
    rule('tests-import-no-script', { path: '^tests/' }, { path: '^scripts/' }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(/dist/|/bundle/|/drizzle/)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
