/** The page for a browser that sends more cookies than any service could take. It heals: the answer clears them. */

const STYLE =
  'body{font:1rem/1.6 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1.5rem;color-scheme:light dark}'

/** An empty `href` is this very address. */
export const TOO_MANY_COOKIES = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Too many cookies</title><style>${STYLE}</style></head><body>
<h1>Too many cookies</h1>
<p>Your browser sent more cookies for this site than we can take. Another page of this domain has probably set them.</p>
<p>We have asked your browser to clear them, so this address will work again. You may have to sign in once more.</p>
<p><a href="">Load this page again</a></p>
<p>If you still see this, clear the cookies of this site in the settings of your browser.</p>
</body></html>
`

/** Browsers clear the cookies of the whole registrable domain, whichever host of it answers. */
export const TOO_MANY_COOKIES_HEADERS: Readonly<Record<string, string>> = {
  'Content-Type': 'text/html; charset=utf-8',
  'Cache-Control': 'no-store',
  'Clear-Site-Data': '"cookies"',
  'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
}
