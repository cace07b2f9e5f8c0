/** Messages that several of the api's folders use. Those that other parts use too are in `packages/shared`. */

export const SIGNED_OUT = 'You are signed out. Sign in to continue.'
export const SIGN_IN_TO_OPEN = 'Sign in to open this computer.'
export const SIGN_IN_TO_OPEN_APP = 'Sign in to open this app.'
export const NO_COMPUTER = 'There is no computer at this address.'
export const ATTEMPT_EXPIRED = 'This attempt has expired. Start again: nothing was lost.'
export const PASSKEY_REFUSED = 'This passkey was not accepted.'
export const PASSKEY_UNKNOWN =
  'This passkey belongs to no account here. It may have been removed: choose another one.'
export const SUSPENDED = 'This account is suspended.'
export const COMPUTER_SUSPENDED = 'This computer is suspended.'
export const PASSKEY_TAKEN = 'This passkey already belongs to an account. Sign in with it instead.'
export const BEING_DELETED = 'Your computer is being deleted.'
