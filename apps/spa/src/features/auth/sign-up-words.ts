/** What the sign-up pages say: on a platform, and where there is one person's own computer to claim. */

export interface SignUpWords {
  title: string
  lead: string
  code: { label: string; hint: string; placeholder: string }
  closed: { title: string; lead: string; note: string }
}

const PLATFORM: SignUpWords = {
  title: 'Name your computer',
  lead: 'Your handle is your name here and your computer’s address on the web.',
  code: {
    label: 'Invite code',
    hint: 'Sign-up is by invitation here.',
    placeholder: 'xxxx-xxxx-xxxx-xxxx',
  },
  closed: {
    title: 'Sign-up is closed',
    lead: 'New accounts cannot be created here at the moment.',
    note: 'If you already have a computer here, nothing has changed: sign in as usual.',
  },
}

const SINGLE: SignUpWords = {
  title: 'Claim this computer',
  lead: 'This computer is not claimed yet. Enter the code from its log, and it is yours.',
  code: {
    label: 'Code from the log',
    hint: 'Printed at each start, until the computer is claimed.',
    placeholder: 'xxxx-xxxx-xxxx-xxxx-xxxx-xxxx',
  },
  closed: {
    title: 'This computer has been claimed',
    lead: 'It has an owner, and nobody else can have an account here.',
    note: 'If it is yours, sign in as usual.',
  },
}

export const signUpWords = ({ isSingle }: { isSingle: boolean }): SignUpWords =>
  isSingle ? SINGLE : PLATFORM
