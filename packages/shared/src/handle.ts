/** Handles: a person's name on the platform, and the host name of their instance. */
import { z } from 'zod'

/** Names that the platform, mail or certificate issuers use themselves, or that would mislead a visitor. */
export const RESERVED_HANDLES: ReadonlySet<string> = new Set(
  (
    'abuse account accounts admin administrator api app apps assets auth autoconfig autodiscover billing blog cdn ' +
    'dashboard dev dns docs download email eng feed ftp gate ghost git help host hostmaster imap info invite ' +
    'internal invoice legal local localhost login logout mail matrix matrixos media mos mta-sts news noc noreply ' +
    'no-reply ns1 ns2 ns3 null official ops oauth operator owner pay payment pop postmaster privacy proxy public ' +
    'register registry root sales security server shop signin signup smtp social ssl staff staging static stats ' +
    'status store support sysadmin system team terms test undefined usenet user users webmaster webmail www'
  ).split(' '),
)

export type HandleProblem = 'malformed' | 'reserved'

const PATTERN = /^[a-z][a-z0-9-]{1,30}[a-z0-9]$/

/** How people type handles: surrounding blanks and a leading `@` are dropped, case is folded. */
export const normalizeHandle = (text: string): string => text.trim().replace(/^@/, '').toLowerCase()

/**
 * What is wrong with a normalized handle, or `null`. No handle holds `--`: hosts of the form `NAME--HANDLE.DOMAIN` belong
 * to apps, and a label with `--` in third place, such as `xn--`, is reserved for internationalized names (RFC 5891,
 * 4.2.3.1).
 */
export function handleProblem(handle: string): HandleProblem | null {
  if (!PATTERN.test(handle) || handle.includes('--')) return 'malformed'
  return RESERVED_HANDLES.has(handle) ? 'reserved' : null
}

export const HANDLE_RULE = '3–32 letters, numbers or hyphens'

/** How long its owner may take a deletion back, where the platform's operator does not say otherwise. */
export const DELETION_GRACE_DAYS = 7
/** How long nobody can claim a handle after its owner's account was deleted. */
export const QUARANTINE_DAYS = 90

/** A well-formed handle, whether or not it is reserved or taken; upper case is folded. */
export const handleSchema = z
  .string()
  .max(64)
  .transform(normalizeHandle)
  .refine((handle) => handleProblem(handle) !== 'malformed', `Use ${HANDLE_RULE}.`)
