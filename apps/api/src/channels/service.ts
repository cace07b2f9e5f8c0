/** What an instance says of its channels, and what it is told of them. */
import {
  CHANNEL_KINDS,
  CHANNELS_PATH,
  type ChannelKind,
  type ChannelState,
  type ChannelsDeclared,
  type Hosts,
  type InstanceId,
} from '@matrixos/shared'
import type { Clock } from '../clock.ts'
import type { Seal } from '../seal.ts'
import type { ChannelStore } from './store.ts'

const ID_BYTES = 16

export interface ChannelsOptions {
  store: Pick<ChannelStore, 'declare' | 'list'>
  seal: Seal['seal']
  hosts: Pick<Hosts, 'apiOrigin'>
  clock: Pick<Clock, 'now' | 'random'>
}

export type ChannelStates = { channels: Partial<Record<ChannelKind, ChannelState>> }

const iso = (at: Date | null) => at?.toISOString() ?? null

export function createChannels({ store, seal, hosts, clock }: ChannelsOptions) {
  async function states(instanceId: InstanceId): Promise<ChannelStates> {
    const rows = await store.list(instanceId)
    const entries = rows.map(({ channel, waiting }): [ChannelKind, ChannelState] => {
      const { id, kind, lastReceivedAt, lastDeliveredAt, note, noteAt } = channel
      return [
        kind,
        {
          url: `${hosts.apiOrigin}${CHANNELS_PATH}/${kind}/${id}`,
          ...{ lastReceivedAt: iso(lastReceivedAt), lastDeliveredAt: iso(lastDeliveredAt), waiting },
          note: note && noteAt ? { at: noteAt.toISOString(), words: note } : null,
        },
      ]
    })
    return { channels: Object.fromEntries(entries) }
  }

  return {
    states,

    async declare(instanceId: InstanceId, { channels }: ChannelsDeclared): Promise<ChannelStates> {
      const all = CHANNEL_KINDS.flatMap((kind) => {
        const proof = channels[kind]?.proof
        if (proof === undefined) return []
        const id = Buffer.from(clock.random(ID_BYTES)).toString('base64url')
        return [{ kind, id, sealFor: (owner: string) => seal(proof, owner, clock.random) }]
      })
      await store.declare(instanceId, all, new Date(clock.now()))
      return states(instanceId)
    },
  }
}
