/** The composition root: every domain is wired by its module, once and complete, and meets the others here. */

import type { RequestListener } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { type Hosts, hostsFrom, type UserId } from '@matrixos/shared'
import { createInvitesModule } from './admin/invites/module.ts'
import { createAdminModule } from './admin/module.ts'
import { createAuditReader } from './audit/search.ts'
import { createAudit } from './audit/store.ts'
import { createClaimDoor } from './auth/claim/module.ts'
import { soleHandle } from './auth/claim/sole-handle.ts'
import { createAuthModule } from './auth/module.ts'
import { createTokensModule } from './auth/tokens/module.ts'
import { createChannelsModule } from './channels/module.ts'
import type { Clock } from './clock.ts'
import type { Database } from './db/database.ts'
import { createNotifications } from './db/notifications.ts'
import { type Env, toMs } from './env.ts'
import { createErrandsModule } from './errands/module.ts'
import { createGateModule } from './gate/module.ts'
import { createHomeserverModule } from './homeserver/module.ts'
import { createEventStreams } from './http/event-streams.ts'
import { instanceCallRoutes } from './http/instance-calls.ts'
import { createEndpointRoutes } from './http/openapi/routes.ts'
import { createServer, createServiceServer } from './http/server.ts'
import { createServiceCheck } from './http/service-check.ts'
import { startLoop } from './jobs/loop.ts'
import { createLimits } from './limits/module.ts'
import type { Log } from './log.ts'
import type { ExportFiles } from './ports/export-files.ts'
import type { HomeStore } from './ports/home-store.ts'
import type { Homeserver } from './ports/homeserver.ts'
import type { HostMemory } from './ports/host-memory.ts'
import type { Mailer } from './ports/mailer.ts'
import type { Runtime } from './ports/runtime.ts'
import { createPublishingModule } from './publishing/module.ts'
import { createAllowances } from './quota/budget/plans.ts'
import { withHints } from './quota/ledger/hints.ts'
import { startRecovery } from './quota/ledger/recovery-loop.ts'
import { createLedger } from './quota/ledger/store.ts'
import { createQuotaModule } from './quota/module.ts'
import { createPricesModule } from './quota/prices/module.ts'
import { livenessOf } from './quota/settings.ts'
import { createAiTokensModule } from './quota/tokens/module.ts'
import { createApiRouter, createAppRouter } from './router.ts'
import { createSchedulesModule } from './schedules/module.ts'
import { createSettingsModule } from './settings/module.ts'
import { createSharingModule } from './sharing/module.ts'
import { createAppNewsOf, createFeedModule } from './social/feed/module.ts'
import { createSocialModule } from './social/module.ts'
import { deniedProgramCalls } from './tenants/denied-programs.ts'
import { createTenantsModule } from './tenants/module.ts'
import { createNoticesModule } from './tenants/notices/module.ts'
import { createTransferModule } from './tenants/transfer/module.ts'
import { ownTransferRoutes, serverTransferRoutes } from './tenants/transfer/routes.ts'
import { tidyUp } from './tidy-up.ts'
import { VERSION } from './version.ts'
import { createWebhooksModule } from './webhooks/module.ts'

export interface ComposeOptions {
  env: Env
  database: Database
  runtime: Runtime
  homes: HomeStore
  exportFiles: ExportFiles
  memory: HostMemory
  /** `null`: this platform sends no mail. */
  mailer: Mailer | null
  /** `null`: this platform has no homeserver. */
  homeserver: Homeserver | null
  clock: Clock
  log: Log
}

export interface App {
  /** `app.DOMAIN` and `api.DOMAIN`. */
  publicListener: RequestListener
  /** What the edge asks and passes on from instances' hosts: the gate and the hand-off. */
  gateListener: RequestListener
  /** What the platform's own parts call. */
  serviceListener: RequestListener
  /** What the homeserver calls; `null`: there is none. */
  homeserverListener: RequestListener | null
  close: () => Promise<void>
}

const TIDY_MS = 60_000
/** With the time that a question takes, what nobody told of still ends within the promised 5 s. */
const SESSION_ENDS_MS = 4_000

/** Every domain's module. A domain that needs another is given what it needs of it. */
async function createModules(options: ComposeOptions) {
  const { env, database, runtime, homes, memory, clock, log } = options
  // Whose computer it is where there is one alone: the only instance's, as soon as it is there.
  const hosts: Hosts = hostsFrom(env, () => soleHandle(tenants.cache.all()))
  const audit = createAudit({ db: database.db, clock })
  const limits = createLimits(env, database)
  const streams = createEventStreams({ limitMs: toMs(env.EVENT_STREAM_S), clock })
  const processId = Buffer.from(clock.random(9)).toString('base64url')
  const notifications = createNotifications({ database, processId, log })
  const common = { env, hosts, database, notifications, limits, audit, clock, log }
  const settings = await createSettingsModule(common)
  const invites = createInvitesModule(common)
  const aiTokens = createAiTokensModule(common)
  const webhooks = await createWebhooksModule({ ...common, processId })
  const tenants = await createTenantsModule({
    ...{ ...common, processId, runtime, homes, memory, ai: aiTokens },
    wakeLimit: limits.wakes,
    onEvents: webhooks.onComputerEvents,
  })
  tenants.cache.onChange(({ row, removed }) => {
    if (removed) aiTokens.forget(row.id)
  })
  const door = env.SINGLE
    ? await createClaimDoor({ ...common, cache: tenants.cache })
    : { signUpMode: () => settings.get('sign_up'), invites }
  const proofOfWorkMode = async () => settings.get('proof_of_work')
  const auth = await createAuthModule({
    ...{ ...common, ...door, proofOfWorkMode },
    tenants: tenants.tenants,
  })
  const sharing = await createSharingModule({ ...common, cache: tenants.cache })
  const publishing = await createPublishingModule({
    ...{ ...common, settings, cache: tenants.cache },
    sessions: auth.sessions,
    onOpened: createAppNewsOf({ ...common, tell: webhooks.enqueue }),
  })
  const { publications, previewPicture } = publishing
  const { onOpenApps } = publications
  const feed = await createFeedModule({ ...common, settings, onOpenApps, tell: webhooks.enqueue })
  const social = createSocialModule({
    ...{ ...common, publications, previewPicture, sessions: auth.sessions, tell: webhooks.enqueue },
  })
  const tokens = createTokensModule(common)
  const renewAiToken = async (userId: UserId) =>
    tenants.rotateAiTokens([(await tenants.tenants.ownedBy(userId)).id])
  const quota = await createQuotaModule({ ...common, auth, mailer: options.mailer, renewAiToken })
  const notices = createNoticesModule({
    ...{ ...common, mailer: options.mailer, policies: tenants.policies },
    addressOf: quota.alertAddressOf,
  })
  const gate = createGateModule({
    ...{ ...common, tenantsModule: tenants, auth, publications, previewPicture, streams },
    shares: sharing.shares,
  })
  const transfer = createTransferModule({
    ...{ ...common, homes, exportFiles: options.exportFiles, tenantsModule: tenants, version: VERSION },
    ...{ userOf: auth.users.of, recordOf: social.recordOf, callsOf: quota.quota.usage.calls },
    written: feed.written,
  })
  const prices = createPricesModule(common)
  const errands = createErrandsModule({ ...common, tenantsModule: tenants })
  const { handOver } = errands
  const homeserver = await createHomeserverModule({
    ...{ ...common, processId, handOver, tenantsModule: tenants, homeserver: options.homeserver },
    news: feed.meetings,
  })
  const admin = createAdminModule({
    ...{ ...common, tenantsModule: tenants, auth, settings, invites, memory, homes, homeserver },
    auditReader: createAuditReader(database),
    version: VERSION,
  })
  const channels = await createChannelsModule({ ...common, processId, handOver })
  const schedules = await createSchedulesModule({ ...common, processId, handOver })
  return {
    ...{ hosts, audit, limits, streams, settings, tenants, auth, sharing, publishing, tokens, gate, admin },
    signUpMode: door.signUpMode,
    ...{ webhooks, quota, aiTokens, prices, notices, transfer, errands, channels, schedules },
    ...{ homeserver, feed, social },
  }
}

/** Needs a migrated database. */
export async function compose(options: ComposeOptions): Promise<App> {
  const { env, clock, log } = options
  const modules = await createModules(options)
  const { hosts, audit, limits, streams, settings, tenants, auth, sharing, publishing } = modules
  const { tokens, gate, quota, transfer, errands, channels, schedules, homeserver, feed, social } = modules
  const parts = {
    ...{ ...auth, ...tenants, ...sharing, ...publishing, ...tokens, ...transfer, ...feed },
    ...{ quota: quota.quota, webhooks: modules.webhooks.webhooks },
    ...{ social: social.parts, readLimit: limits.social.reads },
    quotaAdministration: quota.quotaAdministration,
    matrixLogins: homeserver.logins,
    administration: modules.admin,
    planAdministration: tenants.plans,
    ...{ prices: modules.prices, signUpMode: modules.signUpMode },
    ledger: withHints(createLedger(options.database), { changed: quota.changed }),
    audit,
    limit: limits.auth,
    lookupLimit: limits.handleLookups,
    exportLimit: limits.exports,
    ...{ restartLimit: limits.restarts, statsLimit: limits.stats },
  }
  const router = createAppRouter(parts)
  const callsPerBatch = env.CALLS_PER_BATCH
  const calls = { router, now: clock.now, changes: limits.changes, log, callsPerBatch }
  const ownTransfers = ownTransferRoutes({
    ...{ ...transfer, appOrigin: hosts.appOrigin, exportLimit: limits.exports, now: clock.now, log },
    current: auth.sessions.current,
  })
  const apiRouter = createApiRouter(parts)
  const endpoints = createEndpointRoutes({
    ...{ ...calls, router: apiRouter, principalOf: tokens.bearer, requests: limits.apiRequests },
    ...{ apiOrigin: hosts.apiOrigin, appOrigin: hosts.appOrigin, version: VERSION },
  })
  const server = createServer({
    ...{ ...calls, hosts, streams, apiRouter, endpoints },
    principalOf: auth.sessions.current,
    tokenPrincipalOf: tokens.bearer,
    routes: [gate.launch, quota.downloads, ownTransfers, publishing.pictureRoutes, social.ownRoutes],
    apiRoutes: [social.publicRoutes, feed.publicRoutes],
    device: tokens.deviceEndpoints,
    matrixRoutes: homeserver.clientRoutes,
    webhooks: channels.webhooks,
    bodyBytes: env.CALL_BODY_BYTES,
  })
  const { isService, isInstanceCall } = createServiceCheck(env.EDGE_TOKEN)
  const denied = deniedProgramCalls({ note: tenants.events.note, limit: limits.deniedPrograms, log })
  const serviceServer = createServiceServer({
    ...{ ...calls, isService },
    routes: [
      serverTransferRoutes({ ...transfer, isService, log }),
      instanceCallRoutes({
        calls: {
          ...{ ...errands.calls, ...channels.calls, ...schedules.calls },
          ...{ ...homeserver.calls, ...feed.calls, ...denied },
          ...homeserver.personCalls(social.parts.people),
        },
        ...{ isService: isInstanceCall, limit: limits.instanceCalls, log },
      }),
    ],
  })
  const ends = startLoop('session-ends', SESSION_ENDS_MS, log, auth.sessions.catchUp)
  const recovery = startRecovery({
    ...{ database: options.database, allowanceOf: createAllowances(env), monotonic: clock.monotonic, log },
    ...livenessOf(env),
  })
  const tidy = startLoop('tidy', TIDY_MS, log, () => tidyUp(modules, new Date(clock.now())))

  return {
    publicListener: getRequestListener(server),
    gateListener: gate.listener,
    homeserverListener: homeserver.listener,
    serviceListener: gate.serviceListener(getRequestListener(serviceServer)),
    async close(): Promise<void> {
      await Promise.all([gate, tidy, ends, recovery, modules.notices].map((each) => each.close()))
      for (const module of [homeserver, feed, channels, schedules, errands, transfer]) await module.close()
      for (const module of [settings, sharing, publishing, quota]) await module.close()
      for (const module of [auth, tenants, modules.webhooks]) await module.close()
    },
  }
}
