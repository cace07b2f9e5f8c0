/** The look of the gate's pages: the same paper, mark and button as the platform's other pages. */
import { html, raw } from 'hono/html'

/** The tokens of `apps/spa/src/styles.css` that these pages use: light, then dark. A test holds both to one palette. */
export const PALETTE = {
  paper: ['oklch(0.975 0.006 95)', 'oklch(0.178 0.011 168)'],
  surface: ['oklch(0.998 0.002 95)', 'oklch(0.215 0.013 168)'],
  sunken: ['oklch(0.95 0.008 95)', 'oklch(0.155 0.01 168)'],
  line: ['oklch(0.885 0.01 100)', 'oklch(0.3 0.015 168)'],
  ink: ['oklch(0.225 0.018 165)', 'oklch(0.945 0.008 120)'],
  muted: ['oklch(0.46 0.018 160)', 'oklch(0.715 0.016 150)'],
  accent: ['oklch(0.475 0.115 161)', 'oklch(0.815 0.15 161)'],
  'accent-hover': ['oklch(0.425 0.105 161)', 'oklch(0.86 0.14 161)'],
  'on-accent': ['oklch(0.99 0.01 160)', 'oklch(0.2 0.04 165)'],
  lit: ['oklch(0.62 0.16 158)', 'oklch(0.83 0.17 160)'],
  unlit: ['oklch(0.875 0.012 120)', 'oklch(0.315 0.014 168)'],
  danger: ['oklch(0.51 0.185 27)', 'oklch(0.745 0.14 25)'],
} as const

const tokens = (scheme: 0 | 1) =>
  Object.entries(PALETTE)
    .map(([name, values]) => `--${name}:${values[scheme]}`)
    .join(';')

const DOT_FIELD =
  'background:radial-gradient(var(--unlit) 1.5px,transparent 1.5px) 0 0/22px 22px;mask-image:radial-gradient(ellipse 75% 65% at 50% 45%,black,transparent)'

export const STYLE = `
:root{color-scheme:light dark;${tokens(0)}}
@media (prefers-color-scheme:dark){:root{${tokens(1)}}}
*{box-sizing:border-box}
body{margin:0;min-height:100dvh;display:grid;place-items:center;padding:64px 24px;background:var(--paper);color:var(--ink);font:16px/1.75 ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;-webkit-font-smoothing:antialiased}
body::before{content:"";position:fixed;inset:0;z-index:-1;${DOT_FIELD}}
main{width:100%;max-width:28rem;text-align:center}
.mark{width:56px;height:56px}
.mark circle{fill:color-mix(in oklab,var(--ink) 45%,transparent);transition:fill .5s}
.mark .on{fill:var(--lit)}
.progress circle{fill:var(--unlit)}.progress .on{fill:var(--lit)}
.progress .next{fill:var(--lit);animation:breathe 1.8s ease-in-out infinite}
[data-state=failed] .progress circle{fill:var(--unlit);animation:none}[data-state=failed] .progress .centre{fill:var(--danger)}
@keyframes breathe{50%{opacity:.3}}
h1{font-size:1.875rem;line-height:1.2;letter-spacing:-.025em;font-weight:600;margin:24px 0 0;text-wrap:balance;overflow-wrap:anywhere}
p{margin:12px 0 0;color:var(--muted);overflow-wrap:anywhere;text-wrap:pretty}
p.small{margin-top:8px;font-size:.875rem;line-height:1.5rem;min-height:1.5rem}
.button{display:inline-flex;align-items:center;min-height:44px;margin-top:32px;padding:0 20px;border-radius:.75rem;background:var(--accent);color:var(--on-accent);font-size:.95rem;font-weight:500;text-decoration:none;overflow-wrap:anywhere}
.button:hover{background:var(--accent-hover)}
a:focus-visible,summary:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:.75rem}
details{margin-top:24px;text-align:left;border:1px solid var(--line);border-radius:.75rem;background:var(--surface);font-size:.875rem}
summary{cursor:pointer;padding:10px 16px;min-height:44px;color:var(--muted)}
pre{margin:0;padding:12px 16px;max-height:40vh;overflow:auto;border-top:1px solid var(--line);background:var(--sunken);border-radius:0 0 .75rem .75rem;font:12px/1.6 ui-monospace,"SF Mono",Menlo,Consolas,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
[hidden]{display:none}
@media (prefers-reduced-motion:reduce){*{animation:none!important;transition:none!important}}`

const AT = [4, 12, 20]
const CENTRE = 4

/** The mark, nine computers. As the logo the middle one is awake; as progress its dots light up one by one. */
export const mark = (kind: 'logo' | 'progress') => {
  const dots = AT.flatMap((cy) => AT.map((cx) => ({ cx, cy })))
  const drawn = dots.map(({ cx, cy }, index) => {
    const isCentre = index === CENTRE
    const look = isCentre ? (kind === 'logo' ? 'centre on' : 'centre') : ''
    const radius = isCentre && kind === 'logo' ? 3.4 : 2.4
    return `<circle cx="${cx}" cy="${cy}" r="${radius}" class="${look}"/>`
  })
  const name = kind === 'logo' ? 'mark' : 'mark progress'
  return html`<svg viewBox="0 0 24 24" aria-hidden="true" class="${name}">${raw(drawn.join(''))}</svg>`
}
