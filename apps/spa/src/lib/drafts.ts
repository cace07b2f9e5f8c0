/** What the pages remember between visits: a sign-up under way, a first start that nobody has seen end, advice declined. */
import { z } from 'zod'

const SIGN_UP = 'mos.signup'
const FIRST_START = 'mos.first-start'
const NUDGE = 'mos.no-second-passkey'

/** `qrShown`: an authenticator app may hold an entry that a new one replaces. */
const draftSchema = z.object({
  handle: z.string().max(64),
  /** The code, where sign-up is by invitation. */
  invite: z.string().max(64).default(''),
  qrShown: z.boolean(),
})
export type SignUpDraft = z.infer<typeof draftSchema>

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/** `tab`: lives as long as the tab. `device`: outlives it. Browsers that forbid storage just forget. */
export function createDrafts(tab: () => Store, device: () => Store) {
  return {
    readSignUp: (): SignUpDraft | null => {
      const parsed = draftSchema.safeParse(quietly(() => JSON.parse(tab().getItem(SIGN_UP) ?? 'null')))
      return parsed.success ? parsed.data : null
    },
    saveSignUp: (draft: SignUpDraft) => quietly(() => tab().setItem(SIGN_UP, JSON.stringify(draft))),
    forgetSignUp: () => quietly(() => tab().removeItem(SIGN_UP)),
    /** Whether this person's first start still has to be shown. */
    awaitsFirstStart: (handle: string) => quietly(() => device().getItem(FIRST_START)) === handle,
    expectFirstStart: (handle: string) => quietly(() => device().setItem(FIRST_START, handle)),
    /** Whether this person wants no second passkey, as they said on this device. */
    dismissedNudge: (handle: string) => quietly(() => device().getItem(NUDGE)) === handle,
    dismissNudge: (handle: string) => quietly(() => device().setItem(NUDGE, handle)),
    sawFirstStart: () => quietly(() => device().removeItem(FIRST_START)),
  }
}

function quietly<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

export const drafts = createDrafts(
  () => sessionStorage,
  () => localStorage,
)
