/** Who may do what: the only place that decides it, for the gate, the hand-off and every procedure. */
import type { InstanceId, PublicationMode, Scope, UserId } from '@matrixos/shared'
import { AppError } from '../errors.ts'
import type { Principal, SessionPrincipal, TokenPrincipal } from './principal.ts'

/** The instance that is asked for. */
export interface Target {
  id: InstanceId
  userId: UserId
}

interface Rule {
  scope: Scope
  /** Wants a proof of identity that is at most 5 minutes old. */
  isSensitive?: boolean
}

const ACTIONS = {
  'instance:read': { scope: 'tenant:read' },
  'instance:wake': { scope: 'tenant:control' },
  'instance:sleep': { scope: 'tenant:control' },
  'instance:restart': { scope: 'tenant:control' },
  'instance:share': { scope: 'tenant:control' },
  'instance:publish': { scope: 'tenant:control' },
  'instance:keep': { scope: 'tenant:control' },
  'instance:delete': { scope: 'tenant:control', isSensitive: true },
} as const satisfies Record<string, Rule>
export type Action = keyof typeof ACTIONS

export type Verdict = 'allowed' | 'not_theirs' | 'scope_missing' | 'proof_too_old'

const RECENT_PROOF_MS = 5 * 60_000

/** How somebody may open an instance. `canUseNotes`: of a viewer; an owner may do everything. */
export type Access = { role: 'owner' } | { role: 'viewer'; canUseNotes: boolean }

/** Whom owners let see their instances. */
export interface Shares {
  of: (instanceId: InstanceId, userId: UserId) => { canUseNotes: boolean } | undefined
}

/**
 * How this principal may open these pages; `null`: not at all. The gate and the hand-off ask. An instance and the
 * platform's parts open none.
 */
export function accessTo(principal: Principal, target: Target, shares: Shares): Access | null {
  if (principal.how !== 'session' && principal.how !== 'token') return null
  if (principal.userId === target.userId) return { role: 'owner' }
  const share = shares.of(target.id, principal.userId)
  return share ? { role: 'viewer', canUseNotes: share.canUseNotes } : null
}

/** An app that its owner lets others open at its own host. */
export interface Publication {
  /** `public`: anyone may open it, without an account. `viewers`: only whom its owner lets see the instance. */
  mode: PublicationMode
  /** Of the owner's AI credits, for all guests of the app together, a month. */
  visitorCreditNano: bigint
  /** What a link preview shows, which wakes nobody. `pictureUrl`: at the app's host. */
  preview: { title: string; description: string; pictureUrl: string | null }
}

/** What owners publish; nothing while the platform does not allow it. */
export interface Publications {
  of: (instanceId: InstanceId, app: string) => Publication | undefined
}

/** Says when guests of an app may no longer do what they could. The answer ends that. */
export interface Withdrawals {
  onWithdrawn: (listener: (instanceId: InstanceId, app: string) => void) => () => void
}

/** `guestCreditNano`: see `Publication.visitorCreditNano`. A visitor is nobody in particular, signed in or not. */
export type AppAccess = { role: 'owner' } | { role: 'viewer' | 'visitor'; guestCreditNano: bigint }

/**
 * How somebody may open an app of an instance; `null`: not at all. Its owner opens every one; others those that are
 * published, also whoever may see the whole instance: what its owner still builds is nobody else's.
 */
export function accessToApp(
  person: SessionPrincipal | null,
  target: Target & { app: string },
  { shares, publications }: { shares: Shares; publications: Publications },
): AppAccess | null {
  if (person?.userId === target.userId) return { role: 'owner' }
  const publication = publications.of(target.id, target.app)
  if (!publication) return null
  const guest = { guestCreditNano: publication.visitorCreditNano }
  if (person && shares.of(target.id, person.userId)) return { role: 'viewer', ...guest }
  return publication.mode === 'public' ? { role: 'visitor', ...guest } : null
}

/** `now`: milliseconds since 1970. */
export function mayDo(principal: Principal, action: Action, target: Target, now: number): Verdict {
  if (principal.how !== 'session' && principal.how !== 'token') return 'not_theirs'
  if (principal.userId !== target.userId) return 'not_theirs'
  const rule: Rule = ACTIONS[action]
  if (!principal.scopes.includes(rule.scope)) return 'scope_missing'
  return rule.isSensitive && !isRecent(principal.provedAt, now) ? 'proof_too_old' : 'allowed'
}

/** A proof that seems to lie ahead was given before the clock was set back: how long before, nobody knows. */
const isRecent = (provedAt: Date | null, now: number): boolean =>
  provedAt !== null && Math.abs(now - provedAt.getTime()) <= RECENT_PROOF_MS

/** What does not exist and what belongs to somebody else are answered alike. */
export const noSuchInstance = (): AppError =>
  new AppError('not_found', 'You have no computer here. It may have been deleted.')

/** Throws what stands in the way: `not_found`, `forbidden` or `step_up_required`. */
export function authorize(principal: Principal, action: Action, target: Target, now: number): void {
  const verdict = mayDo(principal, action, target, now)
  if (verdict === 'not_theirs') throw noSuchInstance()
  if (verdict === 'scope_missing') throw scopeMissing(ACTIONS[action].scope)
  if (verdict === 'proof_too_old') throw proofTooOld()
}

/** Throws `step_up_required` unless the person proved who they are within the last 5 minutes. */
export function requireRecentProof(principal: SessionPrincipal, now: number): void {
  if (!isRecent(principal.provedAt, now)) throw proofTooOld()
}

/** Throws `forbidden`: a session lacks what its role does not allow, a token what it was not given. */
export function requireScope(principal: SessionPrincipal | TokenPrincipal, scope: Scope): void {
  if (principal.scopes.includes(scope)) return
  throw principal.how === 'token'
    ? scopeMissing(scope)
    : new AppError('forbidden', 'Only administrators can do this.')
}

const scopeMissing = (scope: Scope) =>
  new AppError('forbidden', `This token lacks the scope ${scope}. Create one that has it.`)

const proofTooOld = () =>
  new AppError('step_up_required', 'Confirm that it is you: your last sign-in was more than 5 minutes ago.')
