/** Notifications of this browser: asked for only when its person switches them on. */
import * as z from 'zod/mini'
import type { PushOffer } from '../../../src/push/protocol.ts'
import { jsonRequest, sendJson } from '../../shell/send.ts'

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

/** Its message is for people. What else goes wrong, goes wrong with the browser's push service. */
export class PushProblem extends Error {}

const OFFLINE = 'I can’t be reached right now. Try again later.'
const NO_WORKER = 'A part of this page has not been loaded. Reload this page, then try again.'
const refusalSchema = z.object({ message: z.string() })

/** Rejects with a PushProblem that says what the computer said. */
async function ask(init?: RequestInit): Promise<Response> {
  const answer = await fetch('/api/push', init).catch(() => null)
  if (answer?.ok) return answer
  const refusal = refusalSchema.safeParse(await answer?.json().catch(() => null))
  throw new PushProblem(refusal.data?.message ?? OFFLINE)
}

/** Resolves to the state after it; rejects when the browser's push service, or the computer, does not take it. */
export async function switchOn(): Promise<PushState> {
  const permission = await Notification.requestPermission()
  if (permission !== 'granted') return permission === 'denied' ? 'denied' : 'off'
  // Of one that was never registered, nothing would ever be ready.
  if (!(await navigator.serviceWorker.getRegistration())) throw new PushProblem(NO_WORKER)
  const { publicKey } = (await (await ask()).json()) as PushOffer
  const { pushManager } = await navigator.serviceWorker.ready
  // One made for older keys would be refused.
  await (await pushManager.getSubscription())?.unsubscribe()
  const made = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: publicKey })
  try {
    await ask(jsonRequest('PUT', made.toJSON()))
    return 'on'
  } catch (error) {
    await made.unsubscribe()
    throw error
  }
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
