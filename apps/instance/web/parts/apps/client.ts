/** What is asked of this computer about its apps. Everything rejects with a FilesError, whose message is for the person. */
import { type AiRequest, APPS_API, type AppEntry, type Apps } from '../../../src/apps/protocol.ts'
import { jsonRequest } from '../../shell/send.ts'
import { FilesError, OFFLINE, problemOf } from '../files/client/problem.ts'

async function ask<T>(path: string, options: RequestInit = {}): Promise<T> {
  const answer = await fetch(path, options).catch(() => {
    throw new FilesError(OFFLINE, { status: 0 })
  })
  if (!answer.ok) throw await problemOf(answer)
  return answer.json()
}
const at = (name: string, rest = '') => `${APPS_API}/${encodeURIComponent(name)}${rest}`

export const appsClient = {
  list: (): Promise<Apps> => ask(APPS_API),
  begin: (title: string): Promise<{ name: string }> => ask(APPS_API, jsonRequest('POST', { title })),
  rename: (name: string, to: string): Promise<{ name: string }> =>
    ask(at(name, '/rename'), jsonRequest('POST', { to })),
  remove: (name: string): Promise<{ id: string }> => ask(at(name), jsonRequest('DELETE', {})),
  restore: (id: string): Promise<unknown> => ask('/api/files/restore', jsonRequest('POST', { id })),
  log: (name: string): Promise<{ text: string }> => ask(at(name, '/log')),
  stop: (name: string): Promise<unknown> => ask(at(name, '/stop'), jsonRequest('POST', {})),
  decide: (name: string, asked: AiRequest): Promise<unknown> =>
    ask(at(name, '/ai'), jsonRequest('PUT', asked)),
}

/** The platform's own paths at this computer: into an app as who one is here, and to where it is published. */
export const launchPath = (name: string, rt = '/'): string =>
  `/.mos/app-launch?${new URLSearchParams({ app: name, rt })}`
/** With what the page there proposes for the link: the platform knows nothing of the manifest. */
export function publishPath({ name, title, description, icon }: AppEntry): string {
  const proposed = {
    title,
    ...(description !== null && { description }),
    ...(icon?.kind === 'text' && { icon: icon.text }),
  }
  return `/.mos/publish?${new URLSearchParams({ app: name, ...proposed })}`
}
