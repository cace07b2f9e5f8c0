/** The page's service worker: an offline page, and notifications. Nothing of the computer is kept in it. */

export function startWorker(): void {
  // Not over plain HTTP, save on the machine itself.
  if (!('serviceWorker' in navigator)) return
  // What cannot be registered now is tried at the next load: the page works without.
  navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' }).catch(() => undefined)
}
