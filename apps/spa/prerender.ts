/** Draws the landing page while the pages are built, so that it needs no script to be read, and little to be alive. */
import { gzipSync } from 'node:zlib'
import { type Plugin, runnerImport } from 'vite'

/** With gzip, of all scripts that the page loads. */
export const LANDING_SCRIPT_BYTES = 30_000

const PAGE = '<!--page-->'

type Drawing = typeof import('./src/features/landing/draw.tsx')

export function prerenderLanding(): Plugin {
  return {
    name: 'prerender-landing',
    apply: 'build',
    transformIndexHtml: {
      // Before the build looks for the files that a page names: those of the film are named by what is drawn.
      order: 'pre',
      async handler(html, { filename }) {
        if (!filename.endsWith('/landing.html')) return html
        if (!html.includes(PAGE)) throw new Error(`landing.html has no ${PAGE}.`)
        const { module } = await runnerImport<Drawing>('./src/features/landing/draw.tsx', {
          root: import.meta.dirname,
          configFile: false,
          logLevel: 'warn',
        })
        return html.replace(PAGE, () => module.drawLanding())
      },
    },
    generateBundle(_options, bundle) {
      const scripts = new Set<string>()
      const add = (name: string) => {
        const chunk = bundle[name]
        if (chunk?.type !== 'chunk' || scripts.has(name)) return
        scripts.add(name)
        for (const each of [...chunk.imports, ...chunk.dynamicImports]) add(each)
      }
      for (const chunk of Object.values(bundle))
        if (chunk.type === 'chunk' && chunk.isEntry && chunk.name === 'landing') add(chunk.fileName)
      const sizes = [...scripts].map((name) => {
        const chunk = bundle[name]
        return chunk?.type === 'chunk' ? gzipSync(chunk.code).length : 0
      })
      const bytes = sizes.reduce((sum, size) => sum + size, 0)
      if (bytes === 0) throw new Error('The landing page has no script.')
      if (bytes > LANDING_SCRIPT_BYTES)
        this.error(`The landing page loads ${bytes} bytes of script, of ${LANDING_SCRIPT_BYTES} that it may.`)
    },
  }
}
