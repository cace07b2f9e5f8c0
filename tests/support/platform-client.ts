/** A person's client of the platform: the typed procedures over a browser's cookies, and the usual first steps. */
import { setTimeout as delay } from 'node:timers/promises'
import type { AppRouter } from '@matrixos/api/router'
import { type Hosts, hostsOf, type InstanceView, type UserView } from '@matrixos/shared'
import { createTRPCClient, httpLink, httpSubscriptionLink, splitLink, type TRPCClient } from '@trpc/client'
import { EventSource } from 'eventsource'
import type { Authenticator } from './authenticator.ts'
import { type Browser, type BrowserOptions, type BrowserResponse, createBrowser } from './browser.ts'

export interface PlatformClientOptions extends BrowserOptions {
  /** The landing page's URL, e.g. `http://localhost:8080`. */
  publicUrl: string
  instanceDomain?: string
}

export interface PlatformClient {
  hosts: Hosts
  browser: Browser
  trpc: TRPCClient<AppRouter>
  close: () => Promise<void>
}

interface FetchInit {
  method?: string | undefined
  headers?: Record<string, string> | [string, string][] | Headers | undefined
  body?: unknown
  signal?: AbortSignal | null | undefined
}

/** The browser's `fetch` in the form that libraries call. */
const fetchOf =
  (browser: Browser) =>
  (input: string | URL | Request, init: FetchInit = {}): Promise<Response> =>
    browser.fetch(input instanceof Request ? input.url : String(input), {
      ...(init.method !== undefined && { method: init.method }),
      headers: Object.fromEntries(new Headers(init.headers)),
      ...(typeof init.body === 'string' && { body: init.body }),
      ...(init.signal && { signal: init.signal }),
    })

export function createPlatformClient(options: PlatformClientOptions): PlatformClient {
  const { publicUrl, instanceDomain, ...browserOptions } = options
  const hosts = hostsOf(publicUrl, instanceDomain)
  const browser = createBrowser(browserOptions)
  const fetch = fetchOf(browser)
  const url = `${hosts.appOrigin}/trpc`
  const trpc = createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (op) => op.type === 'subscription',
        true: httpSubscriptionLink({ url, EventSource, eventSourceOptions: () => ({ fetch }) }),
        // One request a call: tests count them.
        false: httpLink({ url, fetch, headers: { 'x-mos': '1' } }),
      }),
    ],
  })
  return { hosts, browser, trpc, close: browser.close }
}

interface SignIn {
  client: PlatformClient
  authenticator: Authenticator
}

export async function signUp({
  client,
  authenticator,
  handle,
}: SignIn & { handle: string }): Promise<UserView> {
  const { challengeId, options } = await client.trpc.auth.registerPasskeyOptions.mutate({ handle })
  const response = authenticator.create(options, { origin: client.hosts.appOrigin })
  return client.trpc.auth.registerPasskey.mutate({ challengeId, response })
}

/** With the newest passkey of the authenticator. */
export async function logIn({ client, authenticator }: SignIn): Promise<UserView> {
  const { challengeId, options } = await client.trpc.auth.loginPasskeyOptions.mutate()
  const response = authenticator.get(options, { origin: client.hosts.appOrigin })
  return client.trpc.auth.loginPasskey.mutate({ challengeId, response })
}

/** Follows the instance's state until it is `running`. Rejects after `timeoutMs` with the last state seen. */
export function waitUntilRunning(client: PlatformClient, timeoutMs = 60_000): Promise<InstanceView> {
  let last: InstanceView | undefined
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      clearTimeout(timer)
      subscription.unsubscribe()
      finish()
    }
    const subscription = client.trpc.tenants.watch.subscribe(undefined, {
      onData: ({ data }) => {
        last = data
        if (data.observed === 'running') settle(() => resolve(data))
      },
      onError: (error) => settle(() => reject(error)),
    })
    const timer = setTimeout(() => {
      const seen = last ? JSON.stringify(last) : 'nothing'
      settle(() => reject(new Error(`The instance did not run within ${timeoutMs} ms. Last seen: ${seen}`)))
    }, timeoutMs)
  })
}

/**
 * Opens a page of an instance by its address, hand-off included, and asks again while the instance wakes. Rejects
 * when another answer than 200 remains, or when it comes from another host, such as a log-in page.
 */
export async function openInstance(
  client: PlatformClient,
  url: string,
  timeoutMs = 60_000,
): Promise<BrowserResponse> {
  const signal = AbortSignal.timeout(timeoutMs)
  for (;;) {
    const response = await client.browser.navigate(url, { signal })
    const ended = new URL(response.finalUrl)
    if (response.status === 200 && ended.host === new URL(url).host) return response
    const text = await response.text()
    if (response.status !== 503) {
      const way = response.hops.map((hop) => `${hop.status} ${hop.url}`).join(' → ')
      throw new Error(`Expected 200 from ${url}: ${way}\n${text.slice(0, 500)}`)
    }
    const askedS = Number(response.headers.get('retry-after') ?? '0.2')
    await delay(Math.min(Math.max(askedS * 1000, 100), 1000), undefined, { signal })
  }
}
