/*
 * Before anything else is asked for: a script or the styles that were lost on the way, as by a phone that changes
 * networks, are asked for once more by a reload. A page that goes on losing them is left as it is.
 */
const KEY = 'mos-reloads'
const MOST = 3
const WITHIN_MS = 30_000

function reload() {
  try {
    const recent = JSON.parse(sessionStorage.getItem(KEY) ?? '[]').filter((at) => at > Date.now() - WITHIN_MS)
    if (recent.length >= MOST) return
    sessionStorage.setItem(KEY, JSON.stringify([...recent, Date.now()]))
    location.reload()
  } catch {
    // Where nothing can be kept, a reload could be followed by reloads for ever.
  }
}

addEventListener(
  'error',
  ({ target }) => {
    const isNeeded =
      target instanceof HTMLScriptElement ||
      (target instanceof HTMLLinkElement && target.rel === 'stylesheet')
    // What a page asks for once it is there is for whoever asked; and somebody may be typing.
    if (isNeeded && document.readyState !== 'complete') reload()
  },
  true,
)
// A piece that a script asked for itself. Once something is drawn, what is drawn says that a piece is missing.
addEventListener('vite:preloadError', () => {
  if (document.getElementById('root')?.childElementCount === 0) reload()
})
