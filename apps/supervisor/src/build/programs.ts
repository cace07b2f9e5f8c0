/** The supervisor and the programs that it runs: where their sources are, and their bundles. Paths are below the repository's root. */

interface Program {
  /** Folder of the app: its bundles are in `bundle` below it, as deep as every other source folder. */
  app: string
  source: string
}

export const PROGRAMS = {
  supervisor: { app: 'apps/supervisor', source: 'src/main.ts' },
  api: { app: 'apps/api', source: 'src/main.ts' },
  ai: { app: 'apps/api', source: 'src/proxy-main.ts' },
  model: { app: 'apps/scripted-model', source: 'src/main.ts' },
  spa: { app: 'apps/spa', source: 'server/main.ts' },
  edge: { app: 'apps/edge', source: 'src/main.ts' },
} satisfies Record<string, Program>

export type ProgramName = keyof typeof PROGRAMS

/** Those that are parts of the platform. */
export const PROGRAM_NAMES: readonly ProgramName[] = ['api', 'ai', 'model', 'spa', 'edge']

export const BUNDLE_FOLDER = 'bundle'

const nameOf = (source: string): string => source.replace(/^.*\/|\.ts$/g, '')

/** Of each app, the entries of its bundle by name. */
export function entriesByApp(): Map<string, Record<string, string>> {
  const apps = new Map<string, Record<string, string>>()
  for (const { app, source } of Object.values(PROGRAMS))
    apps.set(app, { ...apps.get(app), [nameOf(source)]: source })
  return apps
}

export const bundleOf = (name: ProgramName): string => {
  const { app, source } = PROGRAMS[name]
  return `${app}/${BUNDLE_FOLDER}/${nameOf(source)}.mjs`
}
