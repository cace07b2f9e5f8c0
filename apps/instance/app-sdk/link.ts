/**
 * A room's connection: it comes back by itself, and lets go where nobody is, so that the computer can sleep. What comes
 * back without a person never wakes one.
 */
import { API } from './call.ts'
import { keptProof } from './me.ts'

export type Status = 'connecting' | 'open' | 'away' | 'closed'

export interface LinkOptions {
  room: string
  onMessage: (message: { type: string }) => void
  onStatus: (status: Status, reason: string | null) => void
}

const BACK_OFF_MS = [300, 1_000, 2_000, 4_000, 8_000]
const PING_MS = 25_000
const UNSEEN_MS = 60_000
const UNTOUCHED_MS = 15 * 60_000
const ACTS = ['pointerdown', 'keydown', 'pointermove', 'touchstart']
/** The computer closes so before it sleeps. */
const ASLEEP = { code: 1001, reason: 'asleep' }
const FOR_GOOD: Record<number, string> = {
  4001: 'This room is open in another place.',
  4002: 'This room is full.',
  4004: 'This app says too much at once.',
}

export function openLink({ room, onMessage, onStatus }: LinkOptions) {
  let socket: WebSocket | null = null
  let status: Status = 'connecting'
  let failures = 0
  let retry: ReturnType<typeof setTimeout> | undefined
  let seenAt = Date.now()

  const enter = (next: Status, reason: string | null = null) => {
    status = next
    onStatus(next, reason)
  }
  const send = (message: object): boolean => {
    if (socket?.readyState !== WebSocket.OPEN) return false
    socket.send(JSON.stringify(message))
    return true
  }
  const connect = () => {
    clearTimeout(retry)
    if (status === 'closed' || socket) return
    enter('connecting')
    const url = `${location.origin.replace(/^http/, 'ws')}${API}rooms/${room}?as=${encodeURIComponent(keptProof())}`
    const mine = new WebSocket(url)
    socket = mine
    mine.onmessage = ({ data }) => {
      failures = 0
      if (socket === mine) onMessage(JSON.parse(data))
    }
    mine.onclose = (closed) => {
      if (socket !== mine) return
      socket = null
      comeBack(closed)
    }
  }
  const comeBack = ({ code, reason }: CloseEvent) => {
    const last = FOR_GOOD[code]
    if (last !== undefined) return end(last)
    if (code === ASLEEP.code && reason === ASLEEP.reason) return enter('away')
    const wait = BACK_OFF_MS[Math.min(failures++, BACK_OFF_MS.length - 1)] ?? 0
    enter('connecting')
    retry = setTimeout(() => (document.hidden ? enter('away') : connect()), wait * (0.75 + Math.random() / 2))
  }
  const letGo = () => {
    const mine = socket
    socket = null
    clearTimeout(retry)
    mine?.close()
  }
  const isUnused = () => Date.now() - seenAt > (document.hidden ? UNSEEN_MS : UNTOUCHED_MS)
  const watch = setInterval(() => {
    if (!send({ type: 'ping' }) || !isUnused()) return
    letGo()
    enter('away')
  }, PING_MS)
  const back = () => {
    if (document.hidden) return
    seenAt = Date.now()
    if (status === 'away') connect()
  }
  const end = (reason: string | null) => {
    letGo()
    clearInterval(watch)
    for (const type of ACTS) removeEventListener(type, back)
    document.removeEventListener('visibilitychange', back)
    enter('closed', reason)
  }
  for (const type of ACTS) addEventListener(type, back, { passive: true })
  document.addEventListener('visibilitychange', back)
  connect()
  return { send, isOpen: () => status === 'open', opened: () => enter('open'), end: () => end(null) }
}
