/**
 * Who is an administrator. The first becomes one by a link that the server's command line prints, for that person
 * alone; never by being first to sign up. Sessions read the role with each request, so a change counts at once.
 */
import { normalizeHandle, type OneTimeLinkView, type Role, type UserId } from '@matrixos/shared'
import type { Caller } from '../../access/principal.ts'
import type { Audit } from '../../audit/store.ts'
import type { Clock } from '../../clock.ts'
import type { Database, Tx } from '../../db/database.ts'
import { AppError } from '../../errors.ts'
import { sha256 } from '../../keys.ts'
import { noSuchPerson } from '../people/service.ts'
import type { RoleStore } from './store.ts'

export interface RolesOptions {
  db: Database['db']
  store: RoleStore
  /** The administrators who can sign in, locked. */
  lockAdmins: (tx: Tx) => Promise<UserId[]>
  appOrigin: string
  audit: Audit
  clock: Clock
}

export type Roles = ReturnType<typeof createRoles>

const LINK_LIFE_MS = 3_600_000
/** 256 bits. */
const SECRET_BYTES = 32
/** Where the command line has its place in the audit log. */
const SERVER = { actor: 'server', address: 'local' } as const

export function createRoles({ db, store, lockAdmins, appOrigin, audit, clock }: RolesOptions) {
  async function userOf(handle: string) {
    const user = await store.user(normalizeHandle(handle))
    if (!user) throw noSuchPerson()
    return user
  }

  /** Throws `not_found`. */
  async function change(
    tx: Tx,
    by: { actor: string; address: string },
    { id, role, how }: { id: UserId; role: Role; how: 'page' | 'link' | 'server' },
  ): Promise<void> {
    const before = await store.setRole(tx, id, role)
    if (before === null) throw noSuchPerson()
    if (before === role) return
    const detail = { from: before, to: role, how }
    await audit.record({ ...by, action: 'role_changed', target: id, detail }, tx)
  }

  return {
    /** For `npm run admin -- grant`: an hour, once, and of use to this person alone. Throws `not_found`. */
    async issueLink(handle: string): Promise<OneTimeLinkView> {
      const user = await userOf(handle)
      if (user.suspendedAt) throw new AppError('conflict', 'This account is suspended.')
      if (user.role === 'admin') throw new AppError('conflict', 'This person is an administrator already.')
      const secret = Buffer.from(clock.random(SECRET_BYTES)).toString('base64url')
      const createdAt = new Date(clock.now())
      const expiresAt = new Date(createdAt.getTime() + LINK_LIFE_MS)
      await db.transaction(async (tx) => {
        await store.replaceLink(tx, { hash: sha256(secret), userId: user.id, createdAt, expiresAt })
        await audit.record({ ...SERVER, action: 'admin_link_issued', target: user.id }, tx)
      })
      // Behind the `#`: no server and no log sees it on the way.
      return { url: `${appOrigin}/admin/accept#${secret}`, expiresAt: expiresAt.toISOString() }
    },

    /** Throws `not_found` for a link that is not this person's, and does not spend it. */
    accept: async ({ principal, request }: Caller, secret: string): Promise<void> =>
      db.transaction(async (tx) => {
        const { userId } = principal
        if (!(await store.spendLink(tx, sha256(secret), userId, new Date(clock.now())))) {
          const text = `This link was used, has expired, or is for someone other than ${principal.handle}.`
          throw new AppError('not_found', text)
        }
        const by = { actor: userId, address: request.address }
        await change(tx, by, { id: userId, role: 'admin', how: 'link' })
      }),

    /** Throws `not_found`, or `conflict` where nobody would be left. */
    set: async ({ principal, request }: Caller, { id, role }: { id: UserId; role: Role }): Promise<void> =>
      db.transaction(async (tx) => {
        const adminIds = await lockAdmins(tx)
        requireStillAdmin(principal.userId, adminIds)
        const isLast = adminIds.length === 1 && adminIds[0] === id
        if (role === 'member' && isLast) {
          const text = 'You are the only administrator. Make somebody else one first.'
          throw new AppError('conflict', text)
        }
        const by = { actor: principal.userId, address: request.address }
        await change(tx, by, { id, role, how: 'page' })
      }),

    /** For `npm run admin -- revoke`: also the last one. Throws `not_found`. */
    async revokeByServer(handle: string): Promise<void> {
      const { id } = await userOf(handle)
      await db.transaction((tx) => change(tx, SERVER, { id, role: 'member', how: 'server' }))
    },

    async admins() {
      const rows = await store.admins()
      return rows.map(({ handle, lastSeenAt }) => ({
        handle,
        lastSeenAt: lastSeenAt?.toISOString() ?? null,
      }))
    },
  }
}

/** Between the request and the lock, another administrator may have taken the role away, or suspended them. */
export function requireStillAdmin(userId: UserId, adminIds: readonly UserId[]): void {
  if (!adminIds.includes(userId)) throw new AppError('forbidden', 'Only administrators can do this.')
}
