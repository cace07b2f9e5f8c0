/** Wires the administration. */
import { totalmem } from 'node:os'
import type { AdminOverview, Hosts } from '@matrixos/shared'
import type { AuditReader } from '../audit/search.ts'
import type { Audit } from '../audit/store.ts'
import type { AuthModule } from '../auth/module.ts'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { Env } from '../env.ts'
import type { HomeserverModule } from '../homeserver/module.ts'
import { deriveKey } from '../keys.ts'
import type { Limits } from '../limits/module.ts'
import type { HomeStore } from '../ports/home-store.ts'
import type { HostMemory } from '../ports/host-memory.ts'
import type { SettingsAdministration } from '../settings/service.ts'
import type { TenantsModule } from '../tenants/module.ts'
import { createAuditSearches } from './audit/service.ts'
import type { Invites } from './invites/service.ts'
import { createOverview } from './overview/service.ts'
import { createOverviewStore } from './overview/store.ts'
import { createPeopleActions } from './people/actions.ts'
import { createPeople } from './people/service.ts'
import { createPeopleStore } from './people/store.ts'
import { suspensionStore } from './people/suspension-store.ts'
import { createRoles } from './roles/service.ts'
import { createRoleStore } from './roles/store.ts'

export interface AdminModuleOptions {
  env: Pick<Env, 'PLATFORM_SECRET'>
  hosts: Hosts
  database: Database
  tenantsModule: TenantsModule
  auth: Pick<AuthModule, 'sessions' | 'enrolment'>
  settings: SettingsAdministration
  invites: Invites
  limits: Pick<Limits, 'adminLinks'>
  memory: HostMemory
  homeserver: Pick<HomeserverModule, 'state'>
  homes: Pick<HomeStore, 'space'>
  version: string
  audit: Audit
  auditReader: AuditReader
  clock: Clock
}

export function createAdminModule(options: AdminModuleOptions) {
  const { env, hosts, database, tenantsModule, auth, memory, homes, audit, clock } = options
  const { db } = database
  const { tenants, events } = tenantsModule
  const store = createPeopleStore(database)
  const audits = createAuditSearches({ reader: options.auditReader, ...store })
  return {
    audits,
    invites: options.invites,
    settings: options.settings,
    linkLimit: options.limits.adminLinks,
    overview: createOverview({
      store: createOverviewStore(database),
      events: events.store,
      host: () => hostFigures(memory, homes),
      walls: tenantsModule.walls,
      homeserver: options.homeserver.state,
      replicas: tenantsModule.replicas,
      version: options.version,
      clock,
    }),
    people: createPeople({
      ...{ store, audits, audit, clock, issueEnrolmentLink: auth.enrolment.issueLink },
      instances: {
        viewOf: tenants.viewOf,
        outputOf: tenantsModule.output.lastLines,
        usageOf: tenantsModule.metering.ofUser,
        timeline: events.store.timeline,
      },
      admins: store.admins,
    }),
    peopleActions: createPeopleActions({
      ...{ db, store, suspensions: suspensionStore, tenants, sessions: auth.sessions, audit, clock },
      key: deriveKey(env.PLATFORM_SECRET, 'people-preview'),
    }),
    roles: createRoles({
      ...{ db, store: createRoleStore(database), lockAdmins: store.lockAdmins },
      ...{ appOrigin: hosts.appOrigin, audit, clock },
    }),
  }
}

/** Where instances run elsewhere, this machine's figures would say nothing of them. */
async function hostFigures(
  memory: HostMemory,
  homes: Pick<HomeStore, 'space'>,
): Promise<AdminOverview['host']> {
  const isHere = memory.unknownBecause === null
  const [available, space] = await Promise.all([memory.availableBytes(), homes.space().catch(() => null)])
  return {
    memoryAvailableBytes: available,
    memoryTotalBytes: isHere ? totalmem() : null,
    diskFreeBytes: space?.freeBytes ?? null,
    diskTotalBytes: space?.totalBytes ?? null,
  }
}
