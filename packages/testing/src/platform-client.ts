/** A person's client in tests and demos: the typed procedures and the pages, over one browser's cookies. */
import { setTimeout as delay } from 'node:timers/promises'
import { type Client, createClient, type FetchLike } from '@matrixos/client'
import { type Browser, type BrowserOptions, type BrowserResponse, createBrowser } from './browser.ts'

export interface PlatformClientOptions extends BrowserOptions {
  /** The landing page's URL, e.g. `http://localhost:8080`. */
  publicUrl: string
  instanceDomain?: string
  single?: boolean
}

export interface PlatformClient extends Client {
  browser: Browser
  close: () => Promise<void>
}

/** The browser's `fetch` in the form that libraries call. */
const fetchOf =
  (browser: Browser): FetchLike =>
  (input, init = {}) =>
    browser.fetch(input instanceof Request ? input.url : String(input), {
      ...(init.method !== undefined && { method: init.method }),
      headers: Object.fromEntries(new Headers(init.headers)),
      ...(typeof init.body === 'string' && { body: init.body }),
      ...(init.signal && { signal: init.signal }),
    })

export function createPlatformClient(options: PlatformClientOptions): PlatformClient {
  const { publicUrl, instanceDomain, single, ...browserOptions } = options
  const browser = createBrowser(browserOptions)
  const client = createClient({ publicUrl, instanceDomain, single, fetch: fetchOf(browser) })
  return { ...client, browser, close: browser.close }
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
