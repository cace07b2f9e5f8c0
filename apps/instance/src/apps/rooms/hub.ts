/** `/.app/rooms/ROOM`: the rooms of all apps, each made by the first who comes. */
import type { WebSocket } from 'ws'
import { parseJson } from '../../notes/socket.ts'
import { createRate } from '../api/rate.ts'
import type { Guest } from '../guest.ts'
import { fromMember, ROOM_LIMITS, type ToMember } from './messages.ts'
import { createRoom, type Member, type Room } from './room.ts'

export interface Joining {
  app: string
  room: string
  guest: Guest
  /** The same for all connections of one page. */
  id: string
}

/** Closing codes: the page does not come back by itself. */
export const ROOM_CLOSED = { replaced: 4001, full: 4002, tooSlow: 4003, tooMuch: 4004 } as const

const AGAIN_MS = 50

export interface RoomsHub {
  join(socket: WebSocket, joining: Joining): void
  /** People in an app's rooms. */
  countOf(app: string): number
}

export function createRoomsHub(clock: () => number): RoomsHub {
  const apps = new Map<string, Map<string, Room>>()
  let connections = 0

  const roomOf = ({ app, room: name }: Joining): Room | null => {
    const rooms = apps.get(app) ?? new Map<string, Room>()
    const room = rooms.get(name) ?? (rooms.size < ROOM_LIMITS.roomsPerApp ? createRoom() : null)
    if (room) apps.set(app, rooms.set(name, room))
    return room
  }
  const leave = ({ app, room: name }: Joining, room: Room, member: Member) => {
    room.leave(member)
    const rooms = apps.get(app)
    if (room.size > 0 || rooms?.get(name) !== room) return
    rooms.delete(name)
    if (rooms.size === 0) apps.delete(app)
  }

  return {
    join(socket, joining) {
      const room = connections < ROOM_LIMITS.connections ? roomOf(joining) : null
      if (!room || room.isFullFor(joining.id)) return socket.close(ROOM_CLOSED.full, 'full')
      connections++
      const member = memberOf(socket, joining)
      socket.on('close', () => {
        connections--
        leave(joining, room, member)
      })
      listen(socket, room, member, createRate(ROOM_LIMITS.perSecond, ROOM_LIMITS.atOnce, clock))
      room.join(member)
    },
    countOf: (app) => [...(apps.get(app)?.values() ?? [])].reduce((sum, { size }) => sum + size, 0),
  }
}

function memberOf(socket: WebSocket, { guest: { role, handle }, id }: Joining): Member {
  return {
    ...{ id, role, handle },
    send(event: ToMember) {
      if (socket.bufferedAmount > ROOM_LIMITS.behindBytes) socket.close(ROOM_CLOSED.tooSlow, 'too slow')
      else socket.send(JSON.stringify(event))
    },
    replace: () => socket.close(ROOM_CLOSED.replaced, 'replaced'),
  }
}

/** Who is faster than a room goes waits, and what they say waits where they are. */
function listen(socket: WebSocket, room: Room, member: Member, take: () => boolean): void {
  const waiting: string[] = []
  let timer: NodeJS.Timeout | undefined
  const pump = () => {
    timer = undefined
    while (waiting.length > 0 && take()) hear(socket, room, member, waiting.shift() ?? '')
    if (waiting.length === 0) return socket.resume()
    socket.pause()
    timer = setTimeout(pump, AGAIN_MS).unref()
  }
  socket.on('close', () => clearTimeout(timer))
  socket.on('message', (data, isBinary) => {
    const text = String(data)
    if (isBinary || text.length > ROOM_LIMITS.messageBytes) return notOfRoom(socket)
    // What had arrived before it was held up is still to be heard.
    if (waiting.push(text) > ROOM_LIMITS.waiting) return socket.close(ROOM_CLOSED.tooMuch, 'too much at once')
    if (timer === undefined) pump()
  })
}

const notOfRoom = (socket: WebSocket) => socket.close(1008, 'Not a message of a room')

function hear(socket: WebSocket, room: Room, member: Member, text: string): void {
  const parsed = fromMember.safeParse(parseJson(text))
  if (!parsed.success) {
    notOfRoom(socket)
    return
  }
  const said = parsed.data
  if (said.type === 'ping') member.send({ type: 'pong' })
  else if (said.type === 'send') room.message(member, said.data, said.to)
  else if (said.type === 'presence') room.presence(member, said.data)
  else room.set(member, said.key, said.value, said.if)
}
