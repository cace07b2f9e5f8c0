/** What a browser sends after either passkey ceremony, checked on arrival. */
import { z } from 'zod'

const base64url = (maxChars: number) => z.string().regex(new RegExp(`^[\\w-]{1,${maxChars}}$`))
const clientDataJSON = base64url(4096)
const attestationObject = base64url(16_384)
/** Of the registered ones; others say nothing to us. */
const TRANSPORTS = ['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb']
const transports = z
  .array(z.string().max(32))
  .max(8)
  .transform((given) => given.filter((one) => TRANSPORTS.includes(one)))
  .exactOptional()
const authenticatorData = base64url(4096)
const signature = base64url(2048)
const userHandle = base64url(88).exactOptional()

/** No extension is asked for, so whatever results arrive are dropped; credential ids have at most 1023 bytes. */
const credentialOf = <T extends z.ZodRawShape>(response: T) =>
  z.object({
    id: base64url(1364),
    rawId: base64url(1364),
    type: z.literal('public-key'),
    authenticatorAttachment: z.enum(['platform', 'cross-platform']).exactOptional(),
    clientExtensionResults: z.unknown().transform(() => ({})),
    response: z.object(response),
  })

/** What `navigator.credentials.create()` gives, as JSON. Unknown keys are dropped. */
export const registrationResponseSchema = credentialOf({ clientDataJSON, attestationObject, transports })

/** What `navigator.credentials.get()` gives, as JSON. Unknown keys are dropped. */
export const authenticationResponseSchema = credentialOf({
  clientDataJSON,
  authenticatorData,
  signature,
  userHandle,
})
