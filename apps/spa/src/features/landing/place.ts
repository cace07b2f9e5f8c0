/** What the landing page says of where it is: the build writes these names, the server what they stand for. */

export const PLACE = {
  appOrigin: '__APP_ORIGIN__',
  apiOrigin: '__API_ORIGIN__',
  /** What follows a handle in an address. */
  addressSuffix: '__ADDRESS_SUFFIX__',
} as const
