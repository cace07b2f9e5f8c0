/** One room: who is there, and a map that the last writer wins. It is in memory, and over when the last one leaves. */
import { type Entry, ROOM_LIMITS, type Shown, type ToMember } from './messages.ts'

export interface Member {
  id: string
  role: Shown['role']
  handle: string | null
  send(event: ToMember): void
  /** It is somebody's older connection. */
  replace(): void
}

export type Room = ReturnType<typeof createRoom>

export function createRoom() {
  const members = new Map<string, { member: Member; presence: unknown }>()
  const state = new Map<string, Entry & { bytes: number }>()
  let version = 0
  let bytes = 0

  const tell = (event: ToMember, except?: string) => {
    for (const [id, { member }] of members) if (id !== except) member.send(event)
  }
  /** Strangers do not learn who the viewers are. */
  const shown = (
    { member: { id, role, handle }, presence }: { member: Member; presence: unknown },
    to: Member,
  ) => ({
    ...{ id, role, presence },
    handle: role === 'owner' || to.role !== 'visitor' ? handle : null,
  })
  const entryOf = (key: string): Entry => {
    const { value = null, version: at = 0 } = state.get(key) ?? {}
    return { value, version: at }
  }

  return {
    get size() {
      return members.size
    },
    isFullFor: (id: string) => !members.has(id) && members.size >= ROOM_LIMITS.membersPerRoom,
    join(member: Member): void {
      const before = members.get(member.id)
      before?.member.replace()
      const joined = { member, presence: before?.presence ?? null }
      members.set(member.id, joined)
      member.send({
        type: 'welcome',
        you: member.id,
        members: [...members.values()].map((one) => shown(one, member)),
        state: Object.fromEntries([...state.keys()].map((key) => [key, entryOf(key)])),
      })
      if (before) return
      for (const [id, { member: other }] of members) {
        if (id !== member.id) other.send({ type: 'joined', member: shown(joined, other) })
      }
    },
    leave(member: Member): void {
      if (members.get(member.id)?.member !== member) return
      members.delete(member.id)
      tell({ type: 'left', id: member.id })
    },
    message(from: Member, data: unknown, to?: string): void {
      const event: ToMember = { type: 'message', from: from.id, data }
      if (to === undefined) tell(event, from.id)
      else members.get(to)?.member.send(event)
    },
    presence(of: Member, data: unknown): void {
      const found = members.get(of.id)
      if (found?.member !== of) return
      if (sizeOf(data) > ROOM_LIMITS.presenceBytes) return
      found.presence = data
      tell({ type: 'presence', id: of.id, data }, of.id)
    },
    set(by: Member, key: string, value: unknown, expected?: number): void {
      const unset = (reason: string) => by.send({ type: 'unset', key, reason, ...entryOf(key) })
      const before = state.get(key)
      if (expected !== undefined && expected !== (before?.version ?? 0)) {
        unset('changed')
        return
      }
      const size = value === null || value === undefined ? 0 : key.length + sizeOf(value)
      const next = bytes + size - (before?.bytes ?? 0)
      const isNew = size > 0 && !before
      if (next > ROOM_LIMITS.stateBytes || (isNew && state.size >= ROOM_LIMITS.stateKeys)) {
        unset('full')
        return
      }
      bytes = next
      version++
      if (size === 0) state.delete(key)
      else state.set(key, { value, version, bytes: size })
      tell({ type: 'set', key, by: by.id, value: value ?? null, version })
    },
  }
}

const sizeOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value) ?? '')
