/** The pages' entry: one bundle for two hosts, each loading only its own part. */
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { site } from './lib/hosts.ts'
import './styles.css'

const meta = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')
// Radix' scroll lock adds a style element; this is where it looks for the nonce that the policy wants.
Object.assign(globalThis, { __webpack_nonce__: meta?.nonce })

async function load() {
  if (site().kind === 'landing') return (await import('./routes/landing.tsx')).Landing
  return (await import('./routes/app.tsx')).App
}

const container = document.getElementById('root')
if (!container) throw new Error('index.html has no element with the id root.')
const Root = await load()
createRoot(container).render(
  <StrictMode>
    <Root />
  </StrictMode>,
)
