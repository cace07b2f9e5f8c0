/** The security headers of every platform page. */
import type { Hosts } from '@matrixos/shared'

/**
 * `nonce` allows the style elements that Radix adds while a dialog locks scrolling; scripts come from files only.
 * Pictures of people and of apps come from the api's origin. The landing page reads the public counter from there, and its form leads to the sign-up page.
 */
export function contentSecurityPolicy(hosts: Pick<Hosts, 'apiOrigin' | 'appOrigin'>, nonce: string): string {
  return [
    "default-src 'self'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    `img-src 'self' data: ${hosts.apiOrigin}`,
    "font-src 'self' data:",
    `connect-src 'self' ${hosts.apiOrigin}`,
    "object-src 'none'",
    "base-uri 'none'",
    `form-action 'self' ${hosts.appOrigin}`,
    "frame-ancestors 'none'",
  ].join('; ')
}

export function securityHeaders(hosts: Pick<Hosts, 'protocol'>): Record<string, string> {
  return {
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'strict-origin-when-cross-origin',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    ...(hosts.protocol === 'https:' && { 'Strict-Transport-Security': 'max-age=31536000' }),
  }
}
