/** Messages that several pages use. */

export const NOT_ANSWERING = 'Matrix OS isn’t answering'
export const OFFLINE = 'You’re offline'
export const START_FAILED = 'Your computer could not be started'
export const ENTER_CODE = 'Enter the 6 digits your app shows.'

export const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
