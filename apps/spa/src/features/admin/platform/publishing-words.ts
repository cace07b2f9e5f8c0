/** What it means to let people publish, and what their visitors risk. */
import type { SettingValues } from '@matrixos/shared'
import type { ValueWords } from './words.ts'

const STRANGERS =
  'An app is a page that a stranger wrote, at an address of yours. It can pretend to be a page of this platform and ask visitors for passwords or codes. Passkeys cannot be given away like that.'
const SHARED_SITE =
  'Computers share a domain with the platform here. So an app can set cookies for all of it, and sign out whoever opens it while signed in, as often as they come back. It cannot read their session or act in their name.'
const REMEDY =
  'A domain of their own for computers (INSTANCE_DOMAIN) takes that risk away, and publishing is then on by default.'
const APART = 'Computers have a domain of their own here, so an app cannot touch anybody’s session.'

/** `isApart`: instances are no part of the platform's site. */
export const publishingWords = (
  isApart: boolean,
): { title: string; values: Record<SettingValues['publishing'], ValueWords> } => ({
  title: 'Publishing apps',
  values: {
    off: {
      label: 'Off',
      hint: 'Nobody can publish. Apps that were published before let no visitor in.',
      ask: {
        title: 'Switch publishing off?',
        text: 'Visitors of published apps are cut off at once. What people published is kept, and opens again when you switch it back on.',
        confirm: 'Switch it off',
      },
      done: 'Publishing is off.',
    },
    on: {
      label: 'On',
      hint: isApart
        ? 'People can publish their apps. Visitors need no account, and risk no more than on any other site.'
        : 'People can publish their apps. Visitors need no account. Those who are signed in here take a risk.',
      ask: {
        title: 'Let people publish?',
        text: isApart ? [STRANGERS, APART] : [STRANGERS, SHARED_SITE, REMEDY],
        confirm: isApart ? 'Switch it on' : 'Switch it on all the same',
      },
      done: 'Publishing is on.',
    },
  },
})
