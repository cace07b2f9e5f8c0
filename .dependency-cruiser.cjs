/** Who may import whom: the rules of ARCHITECTURE.md. `npm run check` also asserts that modules were read. */
const domains = '^apps/api/src/(auth|tenants|gate|quota|social|admin|audit)/'
const tests = '(\\.test\\.ts$|/testing/)'
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'shared-imports-zod-only',
      severity: 'error',
      from: { path: '^packages/shared/', pathNot: tests },
      to: { pathNot: '^(packages/shared/|node_modules/zod/)' },
    },
    {
      name: 'ports-import-shared-only',
      severity: 'error',
      from: { path: '^apps/api/src/ports/', pathNot: tests },
      to: { pathNot: '^(apps/api/src/ports/|packages/shared/)' },
    },
    {
      name: 'drivers-know-no-domain',
      severity: 'error',
      from: { path: '^apps/api/src/drivers/', pathNot: tests },
      to: {
        path: ['^apps/api/src/(auth|tenants|gate|quota|social|admin|audit)/', '^apps/api/src/[^/]+\\.ts$'],
        pathNot: '^apps/api/src/errors\\.ts$',
      },
    },
    {
      name: 'drivers-know-no-other-driver',
      severity: 'error',
      from: { path: '^apps/api/src/drivers/([^/]+)/([^/.]+)', pathNot: tests },
      to: { path: '^apps/api/src/drivers/', pathNot: '^apps/api/src/drivers/$1/' },
    },
    {
      name: 'domains-know-no-driver',
      severity: 'error',
      from: { path: domains, pathNot: tests },
      to: { path: '^apps/api/src/(drivers/|compose\\.ts|main\\.ts|env\\.ts)' },
    },
    {
      name: 'domains-know-no-other-domain',
      comment: 'Another domain arrives as a typed argument: only its types may be imported.',
      severity: 'error',
      from: { path: '^apps/api/src/(auth|tenants|gate|quota|social|admin|audit)/', pathNot: tests },
      to: {
        path: '^apps/api/src/(auth|tenants|gate|quota|social|admin|audit)/',
        pathNot: '^apps/api/src/$1/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'one-composition-root',
      severity: 'error',
      from: { pathNot: '^(apps/api/src/(main|compose)\\.ts|tests/)' },
      to: { path: '^apps/api/src/compose\\.ts$' },
    },
    {
      name: 'apps-import-only-types-of-the-api',
      severity: 'error',
      from: { path: '^apps/(spa|edge|instance)/', pathNot: tests },
      to: { path: '^apps/api/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'ui-imports-react-and-radix',
      severity: 'error',
      from: { path: '^apps/spa/src/ui/' },
      to: { path: '^apps/spa/src/(features|routes)/' },
    },
    {
      name: 'no-app-imports-tests-or-scripts',
      severity: 'error',
      from: { path: '^(apps|packages)/', pathNot: tests },
      to: { path: '^(tests|scripts)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(/dist/|/drizzle/)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
