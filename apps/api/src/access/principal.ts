/** Who asks, and how they proved it: the one shape that the gate, the hand-off and every procedure judge. */
import type { Id, InstanceId, Role, Scope, SessionId, UserId } from '@matrixos/shared'

interface Person {
  userId: UserId
  handle: string
  role: Role
  /** What this principal may be used for: a session for all that its role allows, a token for what it was given. */
  scopes: readonly Scope[]
  /** When the person last proved who they are, by a passkey or a password with a code; `null`: not known here. */
  provedAt: Date | null
}

/** A signed-in browser, on the app's host or handed off to an instance's host. */
export interface SessionPrincipal extends Person {
  how: 'session'
  sessionId: SessionId
}

/** A program with an API token. */
export interface TokenPrincipal extends Person {
  how: 'token'
  tokenId: Id<'tok'>
}

/** An instance, by the token it was given. It speaks for itself, never for its owner. */
export interface InstancePrincipal {
  how: 'instance'
  instanceId: InstanceId
}

/** One of the platform's own parts, on the private socket. */
export interface ServicePrincipal {
  how: 'service'
}

export type Principal = SessionPrincipal | TokenPrincipal | InstancePrincipal | ServicePrincipal

/** Whoever does something, and from where: what the audit log keeps of it. */
export interface Caller {
  principal: SessionPrincipal | TokenPrincipal
  request: { address: string }
}
