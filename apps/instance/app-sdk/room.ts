/** A room: everybody who has this app open, what they tell each other, and what they share. */
import { MosError } from './call.ts'
import { openLink, type Status } from './link.ts'
import { me } from './me.ts'

interface Shown {
  id: string
  role: string
  handle: string | null
  presence: unknown
}

interface Entry {
  value: unknown
  version: number
}

interface Heard {
  welcome: { you: string; members: Shown[]; state: Record<string, Entry> }
  joined: { member: Shown }
  left: { id: string }
  presence: { id: string; data: unknown }
  message: { from: string; data: unknown }
  set: { key: string; by: string } & Entry
  unset: { key: string; reason: string } & Entry
}

type Listener = (detail: unknown) => void
export type Room = ReturnType<typeof enterRoom>

/** Resolves when you are in. */
export async function room(name: string, { name: shownAs }: { name?: string } = {}): Promise<Room> {
  if (!/^[a-zA-Z0-9_-]{1,64}$/.test(name)) {
    throw new MosError('A room is named by 1–64 letters, numbers, - and _.', 400)
  }
  await me()
  return new Promise((resolve, reject) => {
    const entered = enterRoom(name, shownAs === undefined ? null : { name: shownAs })
    const done = entered.on('status', (detail) => {
      const { status, reason } = detail as { status: Status; reason: string | null }
      if (status !== 'open' && status !== 'closed') return
      done()
      if (status === 'open') resolve(entered)
      else reject(new MosError(reason ?? 'The room is closed.', 503))
    })
  })
}

function enterRoom(name: string, first: unknown) {
  const listeners = new Map<string, Listener[]>()
  const members = new Map<string, Shown>()
  const entries = new Map<string, Entry>()
  let presence = first
  let you: string | null = null
  let status: Status = 'connecting'

  const emit = (type: string, detail: unknown) => {
    for (const listener of listeners.get(type) ?? []) listener(detail)
  }
  const shown = ({ presence: data, ...who }: Shown) => ({ ...who, isYou: who.id === you, data })
  const everybody = () => [...members.values()].map(shown)
  const stateNow = () => Object.fromEntries([...entries].map(([key, { value }]) => [key, value]))
  const tellMembers = () => emit('members', everybody())
  const tellState = () => emit('state', stateNow())
  const see = (id: string | null, data: unknown) => {
    const member = members.get(id ?? '')
    if (member) member.presence = data
    tellMembers()
  }
  const keep = ({ key, value, version }: { key: string } & Entry) => {
    if (value === null) entries.delete(key)
    else entries.set(key, { value, version })
  }

  const heard: { [Type in keyof Heard]: (told: Heard[Type]) => void } = {
    welcome(told) {
      you = told.you
      members.clear()
      for (const member of told.members) members.set(member.id, member)
      entries.clear()
      for (const [key, entry] of Object.entries(told.state)) entries.set(key, entry)
      link.opened()
      if (presence !== null) show(presence)
      else tellMembers()
      tellState()
    },
    joined({ member }) {
      members.set(member.id, member)
      emit('joined', shown(member))
      tellMembers()
    },
    left({ id }) {
      const member = members.get(id)
      members.delete(id)
      if (member) emit('left', shown(member))
      tellMembers()
    },
    presence: ({ id, data }) => see(id, data),
    message: ({ from, data }) => emit('message', { from, data }),
    set(change) {
      keep(change)
      emit('set', { key: change.key, value: change.value, by: change.by })
      tellState()
    },
    unset(change) {
      keep(change)
      emit('unset', { key: change.key, value: change.value, reason: change.reason })
      tellState()
    },
  }
  const hear = <Type extends keyof Heard>(told: { type: string } & Heard[Type]) =>
    heard[told.type as Type]?.(told)
  const show = (data: unknown): boolean => {
    presence = data
    see(you, data)
    return link.send({ type: 'presence', data })
  }
  const link = openLink({
    room: name,
    onMessage: (message) => hear(message as { type: string } & Heard[keyof Heard]),
    onStatus(next, reason) {
      status = next
      emit('status', { status, reason })
    },
  })

  return {
    name,
    get status() {
      return status
    },
    get you() {
      return you
    },
    get members() {
      return everybody()
    },
    get state() {
      return stateNow()
    },
    on(type: string, listener: Listener): () => void {
      listeners.set(type, [...(listeners.get(type) ?? []), listener])
      return () =>
        void listeners.set(
          type,
          (listeners.get(type) ?? []).filter((one) => one !== listener),
        )
    },
    get: (key: string): unknown => entries.get(key)?.value ?? null,
    /** For all, now and later; the last one wins. `ifUnchanged`: only if nobody else was faster, or `unset` tells. */
    set: (key: string, value: unknown, { ifUnchanged = false }: { ifUnchanged?: boolean } = {}): boolean =>
      link.send({
        ...{ type: 'set', key, value: value ?? null },
        ...(ifUnchanged ? { if: entries.get(key)?.version ?? 0 } : {}),
      }),
    delete: (key: string): boolean => link.send({ type: 'set', key, value: null }),
    send: (data: unknown, to?: string): boolean =>
      link.send({ type: 'send', data, ...(to === undefined ? {} : { to }) }),
    show,
    leave: (): void => link.end(),
  }
}
