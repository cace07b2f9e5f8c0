/** Tells the pages what the computer's limits, and what the platform does not want, did to programs; what happens while nobody is there, whoever comes next. */
import type { Client } from './client.ts'
import type { Limits } from './limits.ts'

export interface Notices {
  /** For whoever is there, or whoever comes next. */
  tell(message: string): void
  /** Something happened at a terminal: looks whether a limit had to do with it. */
  look(): void
  /** For a page that has just come. */
  greet(client: Client): void
}

export function createNotices(limits: Pick<Limits, 'look'>, clients: ReadonlySet<Client>): Notices {
  const unheard = new Set<string>()
  const tell = (message: string) => {
    for (const client of clients) client.send({ type: 'notice', message })
    if (clients.size === 0) unheard.add(message)
  }
  const look = async () => {
    for (const message of await limits.look()) tell(message)
  }
  return {
    tell,
    look: () => void look(),
    greet(client) {
      for (const message of unheard) client.send({ type: 'notice', message })
      unheard.clear()
    },
  }
}
