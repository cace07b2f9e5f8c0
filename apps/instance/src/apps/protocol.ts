/** Apps, as the computer's page and its server both know them. Types alone: the page needs no schemas. */

export const APPS_API = '/api/apps'
export const APPS_SOCKET_PATH = '/ws/apps'

export interface AppServer {
  /** `refused`: this computer runs no programs. */
  state: 'stopped' | 'starting' | 'running' | 'failed' | 'refused'
  /** Why it failed, or is refused; a sentence. */
  reason: string | null
}

export interface AppAi {
  /** Whether its owner lets it use the AI on their credits. `asking`: it waits for their answer. */
  consent: 'unasked' | 'asking' | 'allowed' | 'denied'
  /** Decimal strings of USD, for this month. */
  limitUsd: string
  spentUsd: string
  /** On strangers, who have a limit of their own at the platform. */
  visitorsSpentUsd: string
}

/** One of `GET /api/apps`. */
export interface AppEntry {
  /** Its folder below `apps/`. */
  name: string
  title: string
  description: string | null
  /** `null`: the dots of its name. */
  icon: { kind: 'file'; url: string } | { kind: 'text'; text: string } | null
  /** Where it is; `null`: nobody knows where this computer's apps are. */
  url: string | null
  /** What is wrong with it, in a sentence; `null`: nothing. */
  problem: string | null
  /** `null`: it has none, and needs no process. */
  server: AppServer | null
  /** For its owner alone. */
  ai: AppAi | null
}

/** `GET /api/apps` */
export interface Apps {
  apps: AppEntry[]
}

/** `POST /api/apps`, for the owner: a small app to begin with. Answers `{ name }`. */
export interface NewAppRequest {
  title: string
}

/** `POST /api/apps/NAME/rename`: to another folder, and so to another address. */
export interface RenameRequest {
  to: string
}

/** `PUT /api/apps/NAME/ai` */
export interface AiRequest {
  isAllowed: boolean
  /** Decimal USD a month. */
  limitUsd?: string
}

/** What the computer tells pages on `/ws/apps`. */
export type AppsEvent =
  | { type: 'pong' }
  /** Something about the apps is not as it was. */
  | { type: 'changed' }
