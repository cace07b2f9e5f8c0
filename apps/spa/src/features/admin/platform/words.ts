/** Each setting and each of its values in words. */
import type { SettingName, SettingsView, SettingValues } from '@matrixos/shared'
import { publishingWords } from './publishing-words.ts'

export interface ValueWords {
  label: string
  hint: string
  /** Asked before it takes effect, where that hurts; absent where it does not. */
  ask?: { title: string; text: string | readonly string[]; confirm: string }
  done: string
}

export type SettingWords = {
  [Name in SettingName]: { title: string; values: Record<SettingValues[Name], ValueWords> }
}

const SETTING_WORDS: SettingWords = {
  sign_up: {
    title: 'Sign-up',
    values: {
      open: {
        label: 'Open',
        hint: 'Anyone can create an account.',
        ask: {
          title: 'Open sign-up?',
          text: 'Anyone who finds this platform can create an account and a computer on it.',
          confirm: 'Open sign-up',
        },
        done: 'Sign-up is open.',
      },
      invite: {
        label: 'By invitation',
        hint: 'Only with an invite from an administrator.',
        done: 'Sign-up is by invitation.',
      },
      closed: {
        label: 'Closed',
        hint: 'Nobody can create an account. Everybody who has one keeps it.',
        ask: {
          title: 'Close sign-up?',
          text: 'Nobody can create an account from now on, and invites stop working until you change this.',
          confirm: 'Close sign-up',
        },
        done: 'Sign-up is closed.',
      },
    },
  },
  proof_of_work: {
    title: 'Proof of work at sign-up',
    values: {
      off: {
        label: 'Off',
        hint: 'Never asked for. Only the limits slow down automated sign-ups.',
        ask: {
          title: 'Switch proof of work off?',
          text: 'Automated sign-ups are only slowed down by the limits from now on, also during an attack.',
          confirm: 'Switch it off',
        },
        done: 'Proof of work is off.',
      },
      auto: {
        label: 'Automatic',
        hint: 'Asked for while sign-up is under attack.',
        done: 'Proof of work is automatic.',
      },
      on: {
        label: 'Always',
        hint: 'Every browser computes for a moment before it can sign up.',
        done: 'Proof of work is always asked for.',
      },
    },
  },
  publishing: publishingWords(false),
}

/** Where it depends on the platform what a value means, its default tells. */
export const settingWords = (
  name: SettingName,
  setting: SettingsView[SettingName],
): { title: string; values: Record<string, ValueWords> } =>
  name === 'publishing' ? publishingWords(setting.default === 'on') : SETTING_WORDS[name]
