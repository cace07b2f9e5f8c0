/** Owners who publish apps, and other api processes that hear of it. */
import { signUp, waitUntilRunning } from '@matrixos/client'
import type { InstanceEnv, PublishInput } from '@matrixos/shared'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { createNotifications } from '../../apps/api/src/db/notifications.ts'
import { createLog } from '../../apps/api/src/log.ts'
import { createPublications } from '../../apps/api/src/publishing/publications.ts'
import { createPublishingStore } from '../../apps/api/src/publishing/store.ts'
import { startApi, type TestApi } from './api.ts'
import { openFakeRuntime } from './fake-runtime.ts'

/** An api without instances that run, on which an instance has three published apps at most. */
export async function startPublishing() {
  const fake = await openFakeRuntime()
  const { runtime } = fake
  const given = new Map<string, InstanceEnv>()
  const start: typeof runtime.start = (spec) => {
    given.set(spec.handle, spec.env)
    return runtime.start(spec)
  }
  const api = await startApi({
    runtime: () => ({ ...runtime, start }),
    env: { PUBLICATIONS_PER_INSTANCE: '3' },
  })
  return {
    api,
    fake,
    /** What each instance was given, by its handle. */
    given,
    publisher: (handle: string) => newPublisher(api, handle),
    process: (options?: { isDeaf?: boolean }) => newProcess(api, options),
    async [Symbol.asyncDispose]() {
      await api[Symbol.asyncDispose]()
      await fake[Symbol.asyncDispose]()
    },
  }
}

export type PublishingStack = Awaited<ReturnType<typeof startPublishing>>

async function newPublisher(api: TestApi, handle: string) {
  const client = api.client()
  await signUp({ client, authenticator: createAuthenticator(), handle })
  await waitUntilRunning(client)
  const { id: instanceId } = await client.trpc.tenants.mine.query()
  const terms = (change: Partial<PublishInput> = {}) =>
    ({ instanceId, app: 'snake', mode: 'public', title: 'Snake', ...change }) as const
  const { list, publish, update, unpublish } = client.trpc.publishing
  return { client, instanceId, terms, list, publish, update, unpublish }
}

export type Publisher = Awaited<ReturnType<typeof newPublisher>>

/** What another api process knows; `allow` switches publishing there. */
async function newProcess({ database, client }: TestApi, { isDeaf = false } = {}) {
  const log = createLog({ level: 'silent', part: 'test' })
  const notifications = createNotifications({ database, processId: 'other', log })
  const silence = { ...notifications, subscribe: async () => async () => undefined }
  let isAllowed = true
  let switched = () => {}
  const rows = await database.db.query.instances.findMany()
  const known = await createPublications({
    store: createPublishingStore({ ...database, onOpened: async () => undefined }),
    notifications: isDeaf ? silence : notifications,
    isAllowed: () => isAllowed,
    onSwitched: (listener) => {
      switched = listener
      return () => undefined
    },
    cache: { get: (id) => rows.find((row) => row.id === id) },
    hosts: client().hosts,
    log,
  })
  const withdrawn: string[] = []
  known.onWithdrawn((_instanceId, app) => withdrawn.push(app))
  return {
    ...known,
    withdrawn,
    allow: (next: boolean) => {
      isAllowed = next
      switched()
    },
  }
}

/** Begins as one does; nothing looks further. */
export const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3])

export const pictureUrl = ({ client, instanceId }: Publisher, app = 'snake') =>
  `${client.hosts.appOrigin}/publication-picture?instance=${instanceId}&app=${app}`

export const sent = (body: Uint8Array, method = 'PUT') => ({ method, body, headers: { 'x-mos': '1' } })
