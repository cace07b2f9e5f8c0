/** Settings that administrators switch while the platform runs: names, values, and what each value means. */
import { z } from 'zod'
import { proofOfWorkModeSchema } from './proof-of-work.ts'

export const signUpModeSchema = z.enum(['open', 'invite', 'closed'])
export type SignUpMode = z.infer<typeof signUpModeSchema>

/** A row for every setting. Each needs a default, and a text for each of its values. */
export const SETTINGS = {
  /** Who may create an account. */
  sign_up: signUpModeSchema,
  /** Whether browsers compute a proof of work to sign up; `auto`: while sign-up is under attack. */
  proof_of_work: proofOfWorkModeSchema,
  /** Whether people may publish apps, and their visitors come in. */
  publishing: z.enum(['on', 'off']),
} as const satisfies Record<string, z.ZodType>

export type SettingName = keyof typeof SETTINGS
export type SettingValues = { [Name in SettingName]: z.infer<(typeof SETTINGS)[Name]> }

const settingView = <V extends z.ZodType>(value: V) =>
  z.object({
    value,
    /** What it is until somebody sets it: from the server's environment. */
    default: value,
    /** `null`: never set. */
    updatedAt: z.iso.datetime().nullable(),
    /** Their handle; `server` for the command line, `null` where nobody set it, or they are gone. */
    updatedBy: z.string().nullable(),
  })

export const settingsViewSchema = z.object({
  sign_up: settingView(SETTINGS.sign_up),
  proof_of_work: settingView(SETTINGS.proof_of_work),
  publishing: settingView(SETTINGS.publishing),
} satisfies Record<SettingName, z.ZodType>)
export type SettingsView = z.infer<typeof settingsViewSchema>

/** One setting and its new value. */
export const settingChangeSchema = z.discriminatedUnion('name', [
  z.object({ name: z.literal('sign_up'), value: SETTINGS.sign_up }),
  z.object({ name: z.literal('proof_of_work'), value: SETTINGS.proof_of_work }),
  z.object({ name: z.literal('publishing'), value: SETTINGS.publishing }),
])
export type SettingChange = z.infer<typeof settingChangeSchema>
