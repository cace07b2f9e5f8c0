/** Who is signed in on the host that a request was made to. */
import type { InstanceId } from '@matrixos/shared'
import type { Sessions } from '../auth/sessions/service.ts'
import { readCookies } from '../http/cookies.ts'
import type { AppTokens, Viewer } from './app-token.ts'
import type { CheckRequest } from './check-request.ts'

/** Cookies of one name that are looked at: of a tab, of a frame, and what one of them replaced. */
const MOST_COOKIES = 4

export interface ViewerOptions {
  tokens: Pick<AppTokens, 'verify'>
  sessions: Pick<Sessions, 'mayEnter'>
}

export type ViewerOf = ReturnType<typeof createViewerOf>

export function createViewerOf({ tokens, sessions }: ViewerOptions) {
  /** `instanceId`: whose host it is, where that is known. Throws when the database is away. */
  return async (
    check: Pick<CheckRequest, 'cookie' | 'host' | 'app'>,
    instanceId?: InstanceId,
  ): Promise<Viewer | null> => {
    for (const token of readCookies(check.cookie, 'app').slice(0, MOST_COOKIES)) {
      const viewer = await tokens.verify(token, check.host)
      if (!viewer || viewer.app !== check.app) continue
      if (instanceId !== undefined && viewer.instanceId !== instanceId) continue
      if (await sessions.mayEnter(viewer.sessionId)) return viewer
    }
    return null
  }
}
