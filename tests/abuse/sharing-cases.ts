/** Cases: viewers who want more than to look, or longer than they may. */
import { openInstance } from '@matrixos/testing/platform-client'
import { until } from '@matrixos/testing/until'
import { expect, it } from 'vitest'
import { rawRequest } from './raw-request.ts'
import { REVOKED_MS, refused, type Setup } from './setup.ts'

const GONE = [404, 'not_found']

export function sharingCases(get: () => Setup): void {
  const share = () => ({ instanceId: get().ada.instanceId, handle: 'mallory' })
  /** Lets mallory see ada's computer, from a browser of its own. */
  async function viewer(canUseNotes = false) {
    const { ada, mallory, again } = get()
    await ada.client.trpc.sharing.add.mutate({ ...share(), canUseNotes })
    const client = await again(mallory)
    await openInstance(client, `${ada.url}/`)
    return client
  }

  it('refuses whoever was not invited', async () => {
    const client = await get().again(get().mallory)
    await expect(openInstance(client, `${get().ada.url}/`)).rejects.toThrow('403')
  })

  it('tells an instance who looks, and that they may only look, whatever they say', async () => {
    const client = await viewer()
    const url = `${get().ada.url}/echo`
    const cookie = client.browser.jar.header(new URL(url))
    const spoofed = { 'X-Mos-Role': 'owner', 'X-Mos-User': 'ada', 'X-Mos-Permissions': 'notes' }
    const { body } = await rawRequest(url, { headers: { ...spoofed, cookie } })
    const raw: string[] = JSON.parse(body)
    const told = raw.flatMap((name, at) => (/^x-mos-/i.test(name) ? [[name.toLowerCase(), raw[at + 1]]] : []))
    expect(Object.fromEntries(told)).toMatchObject({ 'x-mos-user': 'mallory', 'x-mos-role': 'viewer' })
    expect(body).not.toContain('notes')
  })

  it("refuses an owner's commands to a viewer", async () => {
    const { tenants, sharing } = (await viewer()).trpc
    const { instanceId } = share()
    for (const call of [
      () => tenants.sleep.mutate({ instanceId }),
      () => tenants.wake.mutate({ instanceId }),
      () => tenants.delete.mutate({ instanceId, handle: 'ada' }),
      () => sharing.viewers.query({ instanceId }),
      () => sharing.add.mutate({ instanceId, handle: 'lone', canUseNotes: true }),
      () => sharing.add.mutate({ ...share(), canUseNotes: true }),
      () => sharing.remove.mutate(share()),
    ])
      expect(await refused(call())).toEqual(GONE)
  })

  it('shows a viewer out within seconds, and ends what is open', async () => {
    const { ada } = get()
    const client = await viewer()
    const socket = await client.browser.websocket(`${ada.url.replace('https', 'wss')}/ws`)
    const closed = new Promise((resolve) => socket.once('close', resolve))
    const began = performance.now()
    await ada.client.trpc.sharing.remove.mutate(share())
    await closed
    const status = async () => (await client.browser.fetch(`${ada.url}/`)).status
    await until('nobody is let in', async () => (await status()) === 403, REVOKED_MS)
    expect(performance.now() - began).toBeLessThan(REVOKED_MS)
    await expect(openInstance(client, `${ada.url}/`)).rejects.toThrow('403')
  })
}
