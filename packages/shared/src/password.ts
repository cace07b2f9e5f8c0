/** How long a password may be: the same in the field that it is typed into and in the api. */

/** UTF-16 code units, as `maxLength` of a field counts them. */
export const PASSWORD_MIN_CHARS = 12
/** A ceiling, so that nobody buys hashing time with megabytes. */
export const PASSWORD_MAX_CHARS = 200
