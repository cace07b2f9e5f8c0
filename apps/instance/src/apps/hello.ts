/** What a new app is at first: a page that says hello, and how it goes on. */
import type { NewApp } from './create.ts'
import { escapeHtml } from './page.ts'

export const helloApp = (name: string, title: string): NewApp => ({
  name,
  manifest: { name: title, icon: '👋', description: 'A page to begin with.' },
  files: { 'index.html': pageOf(title), 'style.css': STYLE, 'app.js': SCRIPT },
})

const pageOf = (title: string) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${escapeHtml(title)}</title>
    <link rel="stylesheet" href="style.css" />
    <script src="/.app/sdk.js"></script>
    <script src="app.js" defer></script>
  </head>
  <body>
    <main>
      <h1>${escapeHtml(title)}</h1>
      <p>Change <code>index.html</code>, <code>style.css</code> and <code>app.js</code>: reload, and it is yours.</p>
      <button id="wave" type="button" disabled>Wave</button>
      <p id="waves" role="status"></p>
    </main>
  </body>
</html>
`

const STYLE = `:root {
  color-scheme: light dark;
  font: 1.125rem/1.6 system-ui, sans-serif;
}

body {
  display: grid;
  min-height: 100dvh;
  margin: 0;
  place-items: center;
}

main {
  padding: 1.5rem;
  text-align: center;
}

button {
  min-width: 8rem;
  min-height: 2.75rem;
  font: inherit;
}
`

const SCRIPT = `// What is written here is kept with the app: see /.app/sdk.d.ts for all that it can do.
const words = document.querySelector('#waves')
const show = (waves) => {
  words.textContent = waves ? \`Waved \${waves} \${waves === 1 ? 'time' : 'times'} so far.\` : ''
}

const shown = mos.kv.get('waves').then(show)

const button = document.querySelector('#wave')
button.addEventListener('click', async () => {
  await shown
  const waves = ((await mos.kv.get('waves')) ?? 0) + 1
  await mos.kv.set('waves', waves)
  show(waves)
})
// A click before this line would have gone nowhere.
button.disabled = false
`
