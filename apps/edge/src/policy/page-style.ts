/** The frame of the edge's own pages: in the look of the platform's others, to which a test holds it. No other file. */

export const STYLE = `
:root{color-scheme:light dark;--paper:light-dark(oklch(0.975 0.006 95),oklch(0.178 0.011 168));--ink:light-dark(oklch(0.225 0.018 165),oklch(0.945 0.008 120));--muted:light-dark(oklch(0.46 0.018 160),oklch(0.715 0.016 150));--accent:light-dark(oklch(0.475 0.115 161),oklch(0.815 0.15 161));--accent-hover:light-dark(oklch(0.425 0.105 161),oklch(0.86 0.14 161));--on-accent:light-dark(oklch(0.99 0.01 160),oklch(0.2 0.04 165));--lit:light-dark(oklch(0.62 0.16 158),oklch(0.83 0.17 160));--unlit:light-dark(oklch(0.875 0.012 120),oklch(0.315 0.014 168))}
*{box-sizing:border-box}
body{margin:0;min-height:100dvh;display:grid;place-items:center;padding:64px 24px;background:var(--paper);color:var(--ink);font:16px/1.75 ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;-webkit-font-smoothing:antialiased}
body::before{content:"";position:fixed;inset:0;z-index:-1;background:radial-gradient(var(--unlit) 1.5px,transparent 1.5px) 0 0/22px 22px;mask-image:radial-gradient(ellipse 75% 65% at 50% 45%,black,transparent)}
main{width:100%;max-width:28rem;text-align:center}
svg{width:56px;height:56px;fill:color-mix(in oklab,var(--ink) 45%,transparent)}
.on{fill:var(--lit)}
h1{font-size:1.875rem;line-height:1.2;letter-spacing:-.025em;font-weight:600;margin:24px 0 0;text-wrap:balance}
p{margin:12px 0 0;color:var(--muted);text-wrap:pretty}
.small{margin-top:24px;font-size:.875rem;line-height:1.5rem}
a{display:inline-flex;align-items:center;min-height:44px;margin-top:32px;padding:0 20px;border-radius:.75rem;background:var(--accent);color:var(--on-accent);font-size:.95rem;font-weight:500;text-decoration:none}
a:hover{background:var(--accent-hover)}
a:focus-visible{outline:2px solid var(--accent);outline-offset:2px}`

const AT = [4, 12, 20]
const dot = (cx: number, cy: number) =>
  cx === 12 && cy === 12
    ? `<circle class="on" cx="${cx}" cy="${cy}" r="3.4"/>`
    : `<circle cx="${cx}" cy="${cy}" r="2.4"/>`
const MARK = AT.flatMap((cy) => AT.map((cx) => dot(cx, cy))).join('')

/** `content`: what follows the heading, as HTML. */
export const pageOf = ({ title, content }: { title: string; content: string }): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${title} · Matrix OS</title><style>${STYLE}</style></head>
<body><main><svg viewBox="0 0 24 24" aria-hidden="true">${MARK}</svg><h1>${title}</h1>
${content}</main></body></html>
`
