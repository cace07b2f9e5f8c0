/** The page for a browser that sends more cookies than any service accepts. The response clears them. */
import { pageOf } from './page-style.ts'

/** An empty `href` is this very address. */
export const TOO_MANY_COOKIES = pageOf({
  title: 'Too many cookies',
  content: `<p>Your browser sent more cookies for this site than we can accept. Another page on this domain probably set them.</p>
<p>We have asked your browser to clear them. You may need to sign in again.</p>
<a href="">Reload this page</a>
<p class="small">If you still see this, clear this site’s cookies in your browser’s settings.</p>`,
})

/** Browsers clear the cookies of the whole registrable domain, whichever host of it answers. */
export const TOO_MANY_COOKIES_HEADERS: Readonly<Record<string, string>> = {
  'Content-Type': 'text/html; charset=utf-8',
  'Cache-Control': 'no-store',
  'Clear-Site-Data': '"cookies"',
  'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
}
