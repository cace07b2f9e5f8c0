/** Limits of passwords and codes: the same in the fields that they are typed into and in the api. */

/** UTF-16 code units, as `maxLength` of a field counts them. */
export const PASSWORD_MIN_CHARS = 12
/** A ceiling, so that nobody buys hashing time with megabytes. */
export const PASSWORD_MAX_CHARS = 200
/** Wrong codes at one set-up of an authenticator app, and in a row until signing in by it rests. */
export const TOTP_GUESSES = 5
