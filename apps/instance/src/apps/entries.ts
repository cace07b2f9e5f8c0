/** What the computer's page is told of its apps. */
import { formatUsd } from '@matrixos/shared'
import type { Books } from './ai/books.ts'
import type { Consent } from './ai/consent.ts'
import type { App } from './folder.ts'
import { isIconFile } from './manifest.ts'
import { APPS_API, type AppAi, type AppEntry } from './protocol.ts'
import type { Servers } from './servers/servers.ts'

export interface EntryOptions {
  /** Origin of an app, with `{app}` in place of its name; `null`: unknown. */
  originPattern: string | null
  books: Books
  consent: Consent
  /** `null`: nobody has come to one yet. */
  servers: () => Servers | null
  /** What servers are refused with here; `null`: they are not. */
  refusal: string | null
}

/** `isOwner`: what it costs is nobody else's business. */
export async function entryOf(app: App, options: EntryOptions, isOwner: boolean): Promise<AppEntry> {
  const { name, manifest, problem, version } = app
  const { originPattern, servers, refusal } = options
  const stateOf = () =>
    refusal !== null
      ? ({ state: 'refused', reason: refusal } as const)
      : (servers()?.stateOf(name) ?? ({ state: 'stopped', reason: null } as const))
  return {
    ...{ name, problem },
    title: manifest?.name ?? name,
    description: manifest?.description ?? null,
    icon: iconOf(name, manifest?.icon, version),
    url: manifest && originPattern ? originPattern.replace('{app}', name) : null,
    server: manifest?.server ? stateOf() : null,
    ai: isOwner ? await aiOf(name, options) : null,
  }
}

/** The version is in its address, so that a browser that has it need not ask again. */
function iconOf(name: string, icon: string | undefined, version: string): AppEntry['icon'] {
  if (icon === undefined) return null
  if (!isIconFile(icon)) return { kind: 'text', text: [...icon].slice(0, 8).join('') }
  return { kind: 'file', url: `${APPS_API}/${name}/icon?${new URLSearchParams({ version })}` }
}

async function aiOf(name: string, { books, consent }: EntryOptions): Promise<AppAi> {
  const book = await books.of(name)
  return {
    consent: consent.isAsking(name) ? 'asking' : book.consent,
    limitUsd: formatUsd(book.limitNano),
    spentUsd: formatUsd(book.spent.own),
    visitorsSpentUsd: formatUsd(book.spent.visitors),
  }
}
