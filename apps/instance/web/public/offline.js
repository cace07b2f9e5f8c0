/*
 * Tries again when the network is back, and every few seconds while somebody looks: browsers say that they are online
 * before everything is. It asks at the one address that wakes no computer; any answer at all is enough.
 */
const EVERY_MS = 4_000

async function look() {
  if (document.hidden) return
  const enough = new AbortController()
  try {
    await fetch('/.mos/progress', { signal: enough.signal, cache: 'no-store' })
    enough.abort()
    location.reload()
  } catch {
    // Still away.
  }
}

addEventListener('online', look)
document.addEventListener('visibilitychange', look)
setInterval(look, EVERY_MS)
