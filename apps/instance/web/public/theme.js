/* Before the first paint: the theme of the last visit, so that nobody's night begins with a flash of paper. */
try {
  const { theme, hue } = JSON.parse(localStorage.getItem('mos-look') ?? '{}')
  if (theme) document.documentElement.dataset.theme = theme
  if (Number.isInteger(hue)) document.documentElement.style.setProperty('--hue', String(hue))
} catch {
  // A browser that keeps nothing begins as every other.
}
