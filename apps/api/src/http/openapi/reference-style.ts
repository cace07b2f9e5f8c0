/** The look of the reference page: the platform's paper, in both themes. */
export const REFERENCE_STYLE = `
:root{color-scheme:light dark;--paper:light-dark(oklch(0.975 0.006 95),oklch(0.178 0.011 168));--sunken:light-dark(oklch(0.95 0.008 95),oklch(0.155 0.01 168));--line:light-dark(oklch(0.885 0.01 100),oklch(0.3 0.015 168));--ink:light-dark(oklch(0.225 0.018 165),oklch(0.945 0.008 120));--muted:light-dark(oklch(0.46 0.018 160),oklch(0.715 0.016 150));--accent:light-dark(oklch(0.475 0.115 161),oklch(0.815 0.15 161))}
*{box-sizing:border-box}
html{scroll-padding-top:24px}
body{margin:0 auto;max-width:72rem;padding:48px 24px 96px;background:var(--paper);color:var(--ink);font:16px/1.6 ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif}
h1{font-size:1.875rem;line-height:1.2;letter-spacing:-.025em;margin:0}
h2{font-size:1.375rem;letter-spacing:-.015em;margin:64px 0 0;padding-top:16px;border-top:1px solid var(--line)}
h3{font-size:1.0625rem;margin:0}
p{margin:12px 0 0;max-width:44rem;text-wrap:pretty}
a{color:var(--accent);text-underline-offset:3px}
a:focus-visible,summary:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
code,pre{font:.875rem/1.6 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
pre{margin:12px 0 0;padding:16px;overflow-x:auto;background:var(--sunken);border:1px solid var(--line);border-radius:12px}
nav ul{display:flex;flex-wrap:wrap;gap:0 20px;list-style:none;margin:16px 0 0;padding:0}
nav a{display:inline-flex;align-items:center;min-height:44px}
article{margin-top:36px}
.at{display:flex;flex-wrap:wrap;gap:4px 12px;align-items:baseline;margin-top:6px;overflow-wrap:anywhere}
.method{font-weight:600;color:var(--accent)}
.muted{color:var(--muted)}
details{margin-top:8px}
summary{display:inline-flex;align-items:center;min-height:44px;cursor:pointer;color:var(--muted)}
summary::before{content:"";width:7px;height:7px;margin:0 10px 0 2px;border:solid currentColor;border-width:1.5px 1.5px 0 0;rotate:45deg}
details[open]>summary::before{rotate:135deg}
dl{display:grid;grid-template-columns:minmax(8rem,auto) 1fr;gap:4px 20px;margin:12px 0 0}
dd{margin:0;overflow-wrap:anywhere}
`
