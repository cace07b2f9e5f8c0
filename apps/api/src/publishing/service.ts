/** Publishing one's apps: the rules. */
import {
  formatUsd,
  type Hosts,
  type InstanceId,
  isLeaving,
  type PublicationView,
  type PublishedApp,
  type PublishInput,
  type PublishingView,
  parseUsd,
} from '@matrixos/shared'
import { noSuchInstance } from '../access/policy.ts'
import type { Caller } from '../access/principal.ts'
import type { Audit, AuditEntry } from '../audit/store.ts'
import type { Clock } from '../clock.ts'
import type { Tx } from '../db/database.ts'
import { AppError } from '../errors.ts'
import type { InstanceRow } from '../tenants/store.ts'
import { BEING_DELETED } from '../texts.ts'
import type { OwnInstance } from './own-instance.ts'
import type { PublicationsCache } from './publications.ts'
import type { PublicationRow, PublishingStore, Put } from './store.ts'

export interface PublishingOptions {
  store: PublishingStore
  publications: Pick<PublicationsCache, 'publish' | 'isAllowed'>
  ownInstance: OwnInstance
  audit: Audit
  clock: Clock
  hosts: Hosts
  /** Published apps of one instance. */
  most: number
}

export type Publishing = ReturnType<typeof createPublishing>

const NOT_ALLOWED = 'Publishing is switched off on this platform. Only an administrator can switch it on.'
const NO_APPS = 'The system on this computer does not support apps, so nothing on it can be published.'
const NOT_PUBLISHED = 'This app is no longer published. Publish it again to change it.'
const tooMany = (most: number) =>
  `A computer can have ${most} published apps at most. Unpublish one before you publish another.`

/** Known of what runs; the gate asks again when it has woken. */
const cannotHaveApps = ({ address }: InstanceRow) => address !== null && !address.readsApps

const viewOf = (row: PublicationRow, url: string): PublicationView => ({
  ...{ app: row.app, mode: row.mode, title: row.title, description: row.description, url },
  visitorCredits: formatUsd(row.visitorCredit),
  pictureVersion: row.pictureVersion,
  publishedAt: row.publishedAt?.toISOString() ?? null,
})

export function createPublishing(options: PublishingOptions) {
  const { store, publications, ownInstance, audit, clock, hosts, most } = options
  const now = () => new Date(clock.now())

  function note(caller: Caller, action: AuditEntry['action'], app: PublishedApp, detail = {}) {
    const { principal, request } = caller
    const entry = { actor: principal.userId, action, target: app.instanceId, address: request.address }
    return (tx: Tx) => audit.record({ ...entry, detail: { app: app.app, ...detail } }, tx)
  }

  async function viewsOf({ id, handle }: InstanceRow): Promise<PublishingView> {
    const rows = await store.everOf(id)
    return {
      isAllowed: publications.isAllowed(),
      publications: rows.map((row) => viewOf(row, hosts.instanceAppOrigin(handle, row.app))),
    }
  }

  function refusalOf(outcome: Exclude<Put, 'written'>): AppError {
    if (outcome === 'instance_gone') return noSuchInstance()
    return new AppError('conflict', outcome === 'too_many' ? tooMany(most) : NOT_PUBLISHED)
  }

  async function put(caller: Caller, input: PublishInput, isNew: boolean): Promise<PublishingView> {
    const row = await ownInstance(caller, input.instanceId, 'instance:publish')
    if (!publications.isAllowed()) throw new AppError('forbidden', NOT_ALLOWED)
    if (isLeaving(row.desired)) throw new AppError('conflict', BEING_DELETED)
    if (cannotHaveApps(row)) throw new AppError('conflict', NO_APPS)
    const { visitorCredits, ...rest } = input
    const terms = { ...rest, visitorCredit: parseUsd(visitorCredits) }
    const action = isNew ? 'app_published' : 'app_publication_changed'
    const audited = note(caller, action, input, { mode: input.mode, visitorCredits })
    const outcome = await store.put(terms, isNew ? most : null, now(), audited)
    if (outcome !== 'written') throw refusalOf(outcome)
    await publications.publish(row.id)
    return viewsOf(row)
  }

  return {
    list: async (caller: Caller, instanceId: InstanceId): Promise<PublishingView> =>
      viewsOf(await ownInstance(caller, instanceId, 'instance:read')),

    /** Throws `forbidden` where the platform allows none, `conflict` for too many. */
    publish: (caller: Caller, input: PublishInput) => put(caller, input, true),

    /** The same, of what is published already: a page that is out of date publishes nothing again. */
    update: (caller: Caller, input: PublishInput) => put(caller, input, false),

    /** Also while the platform allows no publishing. */
    async unpublish(caller: Caller, app: PublishedApp): Promise<PublishingView> {
      const row = await ownInstance(caller, app.instanceId, 'instance:publish')
      const isGone = await store.unpublish(app, now(), note(caller, 'app_unpublished', app))
      if (isGone) await publications.publish(row.id)
      return viewsOf(row)
    },
  }
}
