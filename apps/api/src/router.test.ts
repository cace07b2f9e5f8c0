/**
 * Who may call what, as somebody decided it. A procedure that a token may call, or anyone, appears here or the check
 * fails: whoever adds one has to say so. What only a session may call, tokens never reach.
 */
import { SCOPES } from '@matrixos/shared'
import { describe, expect, it } from 'vitest'
import { type DeclaredProcedure, proceduresOf } from './http/testing/procedures.ts'
import { type ApiRouterOptions, type AppRouterOptions, createApiRouter, createAppRouter } from './router.ts'

/** Only their declarations are looked at: nothing is called. */
const app = createAppRouter({ administration: {}, social: {} } as AppRouterOptions)
const api = createApiRouter({ administration: {}, social: {} } as ApiRouterOptions)

type Access = DeclaredProcedure['access']

const accessOf = (router: Parameters<typeof proceduresOf>[0]): Record<string, Access> =>
  Object.fromEntries(proceduresOf(router).map(({ path, access }) => [path, access]))

const only = (all: Record<string, Access>, wanted: (access: Access) => boolean) =>
  Object.fromEntries(Object.entries(all).filter(([, access]) => wanted(access)))
const isScope = (access: Access) => SCOPES.some((scope) => scope === access)

const FOR_TOKENS = {
  'admin.audit.search': 'admin:read',
  'admin.invites.create': 'admin:write',
  'admin.invites.list': 'admin:read',
  'admin.invites.revoke': 'admin:write',
  'admin.moderation.decide': 'admin:write',
  'admin.moderation.list': 'admin:read',
  'admin.moderation.openCount': 'admin:read',
  'admin.overview': 'admin:read',
  'admin.people.get': 'admin:read',
  'admin.people.list': 'admin:read',
  'admin.people.log': 'admin:read',
  'admin.people.preview': 'admin:read',
  'admin.people.revokeSessions': 'admin:write',
  'admin.people.sleepInstance': 'admin:write',
  'admin.people.suspend': 'admin:write',
  'admin.people.unsuspend': 'admin:write',
  'admin.people.usage': 'admin:read',
  'admin.people.wakeInstance': 'admin:write',
  'admin.plans.assign': 'admin:write',
  'admin.plans.liftThrottle': 'admin:write',
  'admin.plans.list': 'admin:read',
  'admin.plans.remove': 'admin:write',
  'admin.plans.save': 'admin:write',
  'admin.prices.edit': 'admin:write',
  'admin.prices.list': 'admin:read',
  'admin.quota.answer': 'admin:write',
  'admin.quota.grant': 'admin:write',
  'admin.quota.person': 'admin:read',
  'admin.quota.requests': 'admin:read',
  'admin.quota.setLimits': 'admin:write',
  'admin.quota.spend': 'admin:read',
  'admin.settings.get': 'admin:read',
  'admin.settings.set': 'admin:write',
  'admin.upgrades.rollBack': 'admin:write',
  'admin.upgrades.start': 'admin:write',
  'admin.upgrades.stop': 'admin:write',
  'admin.upgrades.view': 'admin:read',
  'feed.watch': 'feed:read',
  'publishing.list': 'tenant:read',
  'publishing.publish': 'tenant:control',
  'publishing.unpublish': 'tenant:control',
  'publishing.update': 'tenant:control',
  'quota.calls': 'quota:read',
  'quota.changes': 'quota:read',
  'quota.credits': 'quota:read',
  'quota.usage': 'quota:read',
  'tenants.mine': 'tenant:read',
  'tenants.watch': 'tenant:read',
  'tenants.usage': 'tenant:read',
  'tenants.wake': 'tenant:control',
  'tenants.sleep': 'tenant:control',
  'tenants.restart': 'tenant:control',
}

const FOR_ANYONE = [
  'auth.enrolment.inspect',
  'auth.enrolment.passkey',
  'auth.enrolment.passkeyOptions',
  'auth.handleAvailability',
  'auth.loginPasskey',
  'auth.loginPasskeyOptions',
  'auth.loginTotp',
  'auth.proofOfWork',
  'auth.recovery.login',
  'auth.refresh',
  'auth.registerPasskey',
  'auth.registerPasskeyOptions',
  'auth.registerTotp',
  'auth.registerTotpStart',
  'auth.session',
  'feed.comments.list',
  'feed.get',
  'feed.list',
  'social.apps',
  'social.followers',
  'social.following',
  'social.people',
  'social.profile',
  'social.search',
  'stats.public',
]

describe('procedures', () => {
  const access = accessOf(app)

  it('all declare who may call them', () => {
    expect(Object.keys(access).length).toBeGreaterThan(20)
    expect(only(access, (declared) => declared === 'undeclared')).toEqual({})
  })

  it('may be called by tokens of a scope, as listed', () => {
    expect(only(access, isScope)).toEqual(FOR_TOKENS)
  })

  it('may be called by anyone, as listed', () => {
    expect(Object.keys(only(access, (declared) => declared === 'public')).sort()).toEqual(FOR_ANYONE)
  })

  it.each([
    'tokens.create',
    'device.approve',
    'admin.accept',
    'admin.people.setRole',
    'admin.people.enrolmentLink',
    'quota.setOwnKey',
    'quota.removeOwnKey',
  ])('that could be used to get more power want a person with a fresh proof: %s', (path) => {
    expect(access[path]).toBe('step-up')
  })
})

describe('api.DOMAIN', () => {
  it('has every procedure that a token may call, with the same access', () => {
    expect(only(accessOf(api), isScope)).toEqual(FOR_TOKENS)
  })

  it('lets nobody else in but where everybody may', () => {
    const open = Object.keys(only(accessOf(api), (declared) => declared === 'public'))
    expect(open.sort()).toEqual(FOR_ANYONE.filter((path) => !path.startsWith('auth.')))
  })
})
