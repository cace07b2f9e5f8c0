/*
 * The service worker of one computer. It answers a visit only when the network cannot, by a page that says so; whatever
 * the platform answers (a page that wakes the computer, a login) goes through untouched. It keeps the offline page and
 * nothing else: what is private stays on the computer. The version changes with the files below, when the page is built.
 */
const CACHE = 'offline-__OFFLINE_VERSION__'
const OFFLINE = '/offline.html'
const FILES = [OFFLINE, '/message.css', '/offline.js', '/icon.svg']

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(FILES.map((path) => new Request(path, { cache: 'reload' }))))
      .then(() => self.skipWaiting()),
  )
})

self.addEventListener('activate', (event) => {
  event.waitUntil(Promise.all([self.registration.navigationPreload?.enable(), forgetOthers()]))
})

async function forgetOthers() {
  const names = (await caches.keys()).filter((name) => name !== CACHE)
  await Promise.all(names.map((name) => caches.delete(name)))
}

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (url.origin !== location.origin) return
  if (request.mode === 'navigate') {
    // The platform's own pages as well: what was asked already, such as a link that works once, must not be asked again.
    if (isVisit(request)) event.respondWith(visit(event))
  } else if (FILES.includes(url.pathname) && request.method === 'GET') {
    event.respondWith(fetch(request).catch(() => kept(url.pathname)))
  }
})

/** Without preloading, a browser has no offline page: see below. */
const isVisit = ({ method, destination }) =>
  method === 'GET' && destination === 'document' && self.registration.navigationPreload !== undefined

/**
 * The browser itself has asked already. What a worker asks for is not marked as a visit (`Sec-Fetch-Dest`): the platform
 * would refuse it where it leads a person to sign in, and would hold it where it shows that the computer wakes.
 */
async function visit({ preloadResponse, request }) {
  try {
    return (await preloadResponse) ?? (await fetch(request))
  } catch {
    return kept(OFFLINE)
  }
}

const kept = async (path) => (await (await caches.open(CACHE)).match(path)) ?? Response.error()

self.addEventListener('push', (event) => {
  let message = {}
  try {
    message = event.data.json()
  } catch {
    // A push without words shows that there is something, which is all that is known.
  }
  const { title = 'Your computer', body = '', tag = 'computer', path = '/' } = message
  const options = { body, tag, icon: '/icon-192.png', data: { path } }
  event.waitUntil(self.registration.showNotification(title, options))
})

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(open(new URL(event.notification.data?.path ?? '/', location.origin)))
})

/** The page that is there already, or a new one. */
async function open(url) {
  if (url.origin !== location.origin) return
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  const [page] = pages
  if (page && url.pathname === '/') await page.focus()
  else await self.clients.openWindow(url)
}
