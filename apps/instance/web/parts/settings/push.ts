/** Notifications of this browser: asked for only when its person switches them on. */
import type { PushOffer } from '../../../src/push/protocol.ts'
import { sendJson } from '../../shell/send.ts'

export type PushState = 'on' | 'off' | 'denied' | 'unavailable'

export async function readPush(): Promise<PushState> {
  if (!('serviceWorker' in navigator) || !('PushManager' in window) || !('Notification' in window)) {
    return 'unavailable'
  }
  if (Notification.permission === 'denied') return 'denied'
  return (await subscription()) ? 'on' : 'off'
}

const subscription = async () =>
  (await navigator.serviceWorker.getRegistration())?.pushManager.getSubscription() ?? null

/** Resolves to the state after it; rejects when the browser's push service, or the computer, does not take it. */
export async function switchOn(): Promise<PushState> {
  const permission = await Notification.requestPermission()
  if (permission !== 'granted') return permission === 'denied' ? 'denied' : 'off'
  const offered = await fetch('/api/push')
  if (!offered.ok) throw new Error(`status ${offered.status}`)
  const { publicKey } = (await offered.json()) as PushOffer
  const { pushManager } = await navigator.serviceWorker.ready
  // One made for older keys would be refused.
  await (await pushManager.getSubscription())?.unsubscribe()
  const made = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: publicKey })
  const isKept = await sendJson('PUT', '/api/push', made.toJSON()).catch(() => false)
  if (isKept) return 'on'
  await made.unsubscribe()
  throw new Error('not kept')
}

export async function switchOff(): Promise<PushState> {
  const made = await subscription()
  if (!made) return 'off'
  await made.unsubscribe()
  // The push service knows that it is over: what the computer cannot be told now, it learns there.
  await sendJson('DELETE', '/api/push', { endpoint: made.endpoint }).catch(() => false)
  return 'off'
}

/** Resolves to whether the push service took it. */
export const sendTest = (): Promise<boolean> => sendJson('POST', '/api/push/test', {}).catch(() => false)
