/** Roles of people, and what a session or a token may be used for. */
import { z } from 'zod'

export const roleSchema = z.enum(['member', 'admin'])
export type Role = z.infer<typeof roleSchema>

/** How a session was opened. */
export const sessionMethodSchema = z.enum(['passkey', 'totp', 'recovery_code', 'link'])
export type SessionMethod = z.infer<typeof sessionMethodSchema>

/** How the person of a session that stands can prove again who they are. */
export const stepUpMethodSchema = z.enum(['passkey', 'totp', 'recovery_code'])
export type StepUpMethod = z.infer<typeof stepUpMethodSchema>

/** Each scope, as the page that grants it says it: `This allows it to …`. */
export const SCOPE_TEXTS = {
  'feed:read': 'read your feed',
  'tenant:read': 'see your computer’s state and what you publish',
  'tenant:control': 'wake your computer, put it to sleep and publish its apps',
  'quota:read': 'see your AI credits',
  'admin:read': 'see everyone’s accounts and the audit log',
  'admin:write': 'suspend accounts, manage invites and change the platform’s settings',
} as const

export type Scope = keyof typeof SCOPE_TEXTS
export const SCOPES = Object.keys(SCOPE_TEXTS) as Scope[]
export const scopeSchema = z.enum(SCOPES as [Scope, ...Scope[]])

const ADMIN_SCOPES: readonly Scope[] = ['admin:read', 'admin:write']

/** What someone of this role may do at all; a token never allows more. */
export const scopesOf = (role: Role): readonly Scope[] =>
  role === 'admin' ? SCOPES : SCOPES.filter((scope) => !ADMIN_SCOPES.includes(scope))
