/** The gate's response when it admits nobody: a page for people, JSON for programs. */

import { ERRORS, type ErrorBody, type ErrorCode, type Hosts, STEPS, UNCLAIMED } from '@matrixos/shared'
import type { Clock } from '../clock.ts'
import { setCookie } from '../http/cookies.ts'
import { sha256 } from '../keys.ts'
import type { InstanceRow } from '../tenants/store.ts'
import { COMPUTER_SUSPENDED, NO_COMPUTER, SIGN_IN_TO_OPEN, SIGN_IN_TO_OPEN_APP } from '../texts.ts'
import { toAppLaunch } from './app-responses.ts'
import { type CheckRequest, isNavigation } from './check-request.ts'
import { knownNonce, returnPath } from './hand-off.ts'
import { page, privatePage, withRetry } from './pages.ts'
import { progressOf } from './progress.ts'
import { progressPage } from './progress-page.ts'

export interface CheckResponse {
  status: number
  headers: Record<string, string>
  body?: string
}

const NO_STORE = { 'cache-control': 'no-store' }

/** An error for programs. `retryAfterS`: seconds. */
export function problem(code: ErrorCode, message: string, retryAfterS?: number): CheckResponse {
  const retry: Record<string, string> =
    retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) }
  const headers = {
    'content-type': 'application/json',
    'x-content-type-options': 'nosniff',
    ...NO_STORE,
    ...retry,
  }
  return { status: ERRORS[code].http, headers, body: JSON.stringify({ code, message, retryAfterS }) }
}

/** Of the page of a refusal, by its status; its text is the error's own. */
const TITLES: Readonly<Record<number, string>> = {
  403: 'You cannot open this page',
  404: 'Page not found',
  429: 'Too many requests',
  503: 'Temporarily unavailable',
}
/** For an error that does not say when to come back. */
const RELOAD_AFTER_S = 5

const VISITORS_RETRY_S = 30
const OPENING = {
  title: 'Waking this app',
  text: 'The computer it lives on was asleep. This page opens by itself in a few seconds.',
}
const NOT_NOW = {
  title: 'This app cannot be opened right now',
  text: 'The computer it lives on could not be woken. This page tries again by itself.',
}

type Refusal = Pick<ErrorBody, 'code' | 'message' | 'retryAfterS'>

const problemOf = ({ code, message, retryAfterS }: Refusal): CheckResponse =>
  problem(code, message, retryAfterS)

/** For a person; it loads itself again when the platform is what failed. */
function refusalPage(error: Refusal, nonce: string, framedBy: string | null): CheckResponse {
  const answer = problemOf(error)
  const isOutage = answer.status === 503
  const made = page({
    title: TITLES[answer.status] ?? 'Something went wrong',
    text: isOutage ? `${error.message} This page reloads automatically.` : withRetry(error),
    // This very address.
    link: { href: '', text: 'Try again' },
    nonce,
    framedBy,
    reloadAfterS: isOutage ? (error.retryAfterS ?? RELOAD_AFTER_S) : undefined,
  })
  return { ...answer, headers: { ...answer.headers, ...made.headers }, body: made.body }
}

const unclaimed = (hosts: Hosts, handle: string, address: string) => ({
  title: `${handle} is unclaimed`,
  text: `There is no computer at ${address} yet. It could be yours.`,
  link: {
    href: `${hosts.appOrigin}/signup?${new URLSearchParams({ handle })}`,
    text: `Claim ${handle}`,
  },
})

const nobodyAt = (hosts: Hosts, address: string) => ({
  title: 'Page not found',
  text: `There is no computer at ${address}.`,
  link: { href: hosts.landingOrigin, text: 'Go to Matrix OS' },
})

/** One person's own computer before anybody has claimed it: a stranger learns no more than this. */
const notClaimed = (hosts: Hosts) => ({
  title: 'This computer is not claimed yet',
  text: 'Enter the code from its log to make it yours.',
  link: { href: `${hosts.appOrigin}/signup`, text: 'Enter the code' },
})

const html = (code: ErrorCode, made: { headers: Record<string, string>; body: string }): CheckResponse => ({
  status: ERRORS[code].http,
  headers: { ...made.headers, ...NO_STORE },
  body: made.body,
})

export type CheckResponses = ReturnType<typeof createCheckResponses>

export interface CheckResponsesOptions {
  hosts: Hosts
  clock: Clock
  /** Its place in the line for memory, in words; `null`: it waits in none. */
  lineOf: (row: InstanceRow) => string | null
}

export function createCheckResponses({ hosts, clock, lineOf }: CheckResponsesOptions) {
  const nonce = () => Buffer.from(clock.random(32)).toString('base64url')
  return {
    refused: (check: CheckRequest, error: Refusal): CheckResponse =>
      isNavigation(check) ? refusalPage(error, nonce(), check.framedBy) : problemOf(error),

    /** `handle`: of an instance's host, else `null`. An invitation only to a name that sign-up would take now. */
    unknown(check: CheckRequest, handle: string | null, isClaimable: boolean): CheckResponse {
      if (!isNavigation(check)) return problem('not_found', NO_COMPUTER)
      const address = handle ? new URL(hosts.instanceOrigin(handle)).host : check.host
      const text =
        handle === UNCLAIMED
          ? notClaimed(hosts)
          : handle && isClaimable
            ? unclaimed(hosts, handle, address)
            : nobodyAt(hosts, address)
      return html('not_found', page({ ...text, nonce: nonce(), framedBy: check.framedBy }))
    },

    /** For its owner alone, who has deleted it and can still take it back. */
    leaving({ framedBy }: CheckRequest): CheckResponse {
      const text = 'It will be deleted soon. Until then you can take it back as it was.'
      const link = { href: hosts.appOrigin, text: 'Open the dashboard' }
      return html(
        'not_found',
        page({ title: 'Your computer is closed', text, link, nonce: nonce(), framedBy }),
      )
    },

    notYours(check: CheckRequest, handle: string): CheckResponse {
      const { framedBy } = check
      if (check.app === null) {
        if (!isNavigation(check)) return problem('forbidden', 'This computer belongs to someone else.')
        return html('forbidden', privatePage({ handle, home: hosts.appOrigin, nonce: nonce() }))
      }
      const text = `Only ${handle} and people ${handle} invites can open it.`
      if (!isNavigation(check)) return problem('forbidden', text)
      const link = { href: hosts.appOrigin, text: 'Open your own computer' }
      return html('forbidden', page({ title: 'This app is private', text, link, nonce: nonce(), framedBy }))
    },

    /** An image that would serve its owner's own pages at an app's host. */
    noApps(check: CheckRequest, handle: string): CheckResponse {
      const text = `The software on ${handle}’s computer does not support apps.`
      if (!isNavigation(check)) return problem('forbidden', text)
      const link = { href: hosts.instanceOrigin(handle), text: `Open ${handle}’s computer` }
      const title = 'This app cannot be opened'
      return html('forbidden', page({ title, text, link, nonce: nonce(), framedBy: check.framedBy }))
    },

    /** Its owner's account is suspended: why, only the owner is told, after signing in. */
    suspended(check: CheckRequest, handle: string): CheckResponse {
      if (!isNavigation(check)) return problem('account_suspended', COMPUTER_SUSPENDED)
      const title = `${handle}’s computer is suspended`
      const text = 'An administrator of this platform has suspended the account. Its files are kept.'
      const link = { href: hosts.appOrigin, text: 'Go to Matrix OS' }
      const { framedBy } = check
      return html('account_suspended', page({ title, text, link, nonce: nonce(), framedBy }))
    },

    /** A viewer at an image that would take them for its owner. */
    notShareable(check: CheckRequest, handle: string): CheckResponse {
      const text = `The software on ${handle}’s computer does not support viewers.`
      if (!isNavigation(check)) return problem('forbidden', text)
      const link = { href: hosts.appOrigin, text: 'Open the dashboard' }
      return html('forbidden', page({ title: 'You cannot open this computer', text, link, nonce: nonce() }))
    },

    /** The first step of the hand-off: the app makes a ticket that fits this browser's nonce alone. */
    signIn(check: CheckRequest, handle: string): CheckResponse {
      const { app } = check
      if (!isNavigation(check))
        return problem('unauthorized', app === null ? SIGN_IN_TO_OPEN : SIGN_IN_TO_OPEN_APP)
      if (app !== null) return toAppLaunch(check, { handle, app }, { hosts, nonce })
      const secret = knownNonce(check.cookie) ?? nonce()
      const query = new URLSearchParams({
        handle,
        rt: returnPath(check.uri),
        n: sha256(secret),
      })
      const headers = {
        location: `${hosts.appOrigin}/launch?${query}`,
        'set-cookie': setCookie('handOff', secret),
        'referrer-policy': 'no-referrer',
        ...NO_STORE,
      }
      return { status: 302, headers }
    },

    /** In a frame, which cannot lead through the page for signing in: a way out of it. */
    signedOutInFrame(check: CheckRequest, handle: string, app: string): CheckResponse {
      const title = 'You are signed out here'
      const link = { href: `${hosts.instanceAppOrigin(handle, app)}/`, text: `Open ${app} on its own` }
      const made = page({ title, text: SIGN_IN_TO_OPEN_APP, link, nonce: nonce(), framedBy: check.framedBy })
      return html('unauthorized', made)
    },

    /** The same for a visitor of an app, who learns no more than that it takes a moment. */
    opening(check: CheckRequest, row: InstanceRow): CheckResponse {
      const retryAfterS = row.error ? VISITORS_RETRY_S : RELOAD_AFTER_S
      const { text, title } = row.error ? NOT_NOW : OPENING
      if (!isNavigation(check)) return problem('waking', text, retryAfterS)
      const link = { href: '', text: 'Try again' }
      const { framedBy } = check
      const made = page({ title, text, link, nonce: nonce(), reloadAfterS: retryAfterS, framedBy })
      const answer = html('waking', made)
      return { ...answer, headers: { ...answer.headers, 'retry-after': String(retryAfterS) } }
    },

    /** Not awake in time: progress for people, 503 and when to come back for programs. */
    waking(check: CheckRequest, row: InstanceRow, isOwner: boolean): CheckResponse {
      const waitMs = (row.nextAttemptAt?.getTime() ?? 0) - clock.now()
      const retryAfterS = Math.max(2, Math.ceil(waitMs / 1000), row.error?.retryAfterS ?? 0)
      if (!isNavigation(check)) {
        const { code, message } = row.error ?? {
          code: 'waking',
          message: 'This computer is still waking up.',
        }
        return problem(code, message, retryAfterS)
      }
      const made = progressPage({
        handle: row.handle,
        now: progressOf(row, isOwner, lineOf(row)),
        steps: STEPS,
        dashboard: hosts.appOrigin,
        nonce: nonce(),
        framedBy: check.framedBy,
      })
      const answer = html('waking', made)
      return { ...answer, headers: { ...answer.headers, 'retry-after': String(retryAfterS) } }
    },
  }
}
