/** Makes an app of a folder: its manifest comes last, and with it the app is there. */
import { APP_MANIFEST, APP_NAME_RULE, APPS_FOLDER, isAppName } from '@matrixos/shared'
import * as z from 'zod/mini'
import { DEFAULT_ENTRY, isAppPath, parseManifest } from '../../apps/manifest.ts'
import { PlainError } from '../../files/plain-words.ts'
import { isMissing } from '../../http/problem.ts'
import { defineTool, told } from './define.ts'
import { readBytes } from './save.ts'
import type { Place, Tool } from './tool.ts'

const MOST_FILES = 60
const LARGEST_FILE = 2 * 1024 * 1024
const LARGEST_MANIFEST = 64 * 1024

const input = z.object({
  name: told(z.string(), `Its folder below apps/, and half of its address: ${APP_NAME_RULE}`),
  title: told(z.string().check(z.minLength(1), z.maxLength(60)), 'As people read it'),
  icon: z.optional(told(z.string().check(z.maxLength(200)), 'An emoji, or a picture in its folder')),
  description: z.optional(told(z.string().check(z.maxLength(300)), 'One sentence')),
  files: z.optional(
    told(
      z
        .array(z.object({ path: z.string(), content: z.string().check(z.maxLength(LARGEST_FILE)) }))
        .check(z.maxLength(MOST_FILES)),
      'Files to write into its folder first; leave out those that are there already',
    ),
  ),
  visitors_may_write: z.optional(
    told(
      z.boolean(),
      'Whether strangers may change its key-value store once it is published, as in a guestbook',
    ),
  ),
  server_command: z.optional(
    told(
      z.string().check(z.maxLength(1_000)),
      'Only for an app with a server of its own: a line of shell that listens on PORT',
    ),
  ),
})
type AppInput = z.infer<typeof input>

export interface AppToolOptions extends Place {
  /** `null`: this computer does not know its own. */
  appAddress: (name: string) => string | null
  /** An app is there that was not before. */
  onBuilt: (app: { name: string; title: string }) => void
}

export const appTool = ({ tree, appAddress, onBuilt }: AppToolOptions): Tool =>
  defineTool({
    name: 'make_app',
    description:
      'Makes an app of the folder apps/NAME, or changes what it is called: writes its app.json, and files that you give along. It then appears among the apps, and the owner can open it.',
    input,
    judge: ({ name, server_command }) =>
      server_command === undefined
        ? null
        : { risks: ['runs'], command: server_command, what: `Make ${name}, an app that runs a program` },
    async run(app, call) {
      if (!isAppName(app.name)) throw new PlainError(`An app’s name has ${APP_NAME_RULE}.`)
      const folder = `${APPS_FOLDER}/${app.name}`
      const files = app.files ?? []
      const wrong = files.find(({ path }) => !isAppPath(path) || path === APP_MANIFEST)
      if (wrong) throw new PlainError(`${wrong.path}: an app has no file of that name.`)
      const before = await manifestAt(tree, `${folder}/${APP_MANIFEST}`)
      const manifest = manifestOf(app, before)
      const { problem } = parseManifest(manifest)
      if (problem) throw new PlainError(problem)
      if (!app.server_command && !files.some(({ path }) => path === DEFAULT_ENTRY))
        await mustBeThere(tree, `${folder}/${DEFAULT_ENTRY}`)
      for (const { path, content } of files) await call.save(`${folder}/${path}`, Buffer.from(content))
      await call.save(`${folder}/${APP_MANIFEST}`, Buffer.from(manifest))
      if (Object.keys(before).length === 0) onBuilt({ name: app.name, title: app.title })
      const address = appAddress(app.name)
      return {
        text: `${app.title} is an app now${address ? `, at ${address}` : ''}. The owner sees a button that opens it.`,
        app: { name: app.name, title: app.title },
      }
    },
  })

/** What it does not say stays as it was. */
function manifestOf(app: AppInput, before: Record<string, unknown>): string {
  const { title, icon, description, visitors_may_write, server_command } = app
  return `${JSON.stringify(
    {
      ...before,
      name: title,
      ...(icon && { icon }),
      ...(description && { description }),
      ...(server_command && { server: { command: server_command } }),
      ...(visitors_may_write !== undefined && { visitors: { kv: visitors_may_write ? 'write' : 'read' } }),
    },
    null,
    2,
  )}\n`
}

const anObject = z.record(z.string(), z.unknown())

async function manifestAt(tree: Place['tree'], path: string): Promise<Record<string, unknown>> {
  try {
    const text = (await readBytes(tree, path, LARGEST_MANIFEST)).toString('utf8')
    return anObject.safeParse(JSON.parse(text)).data ?? {}
  } catch {
    return {}
  }
}

async function mustBeThere(tree: Place['tree'], path: string): Promise<void> {
  try {
    await using _ = await tree.pin(path)
  } catch (error) {
    if (isMissing(error)) throw new PlainError(`${path} is not there yet. Write it first, or give it along.`)
    throw error
  }
}
