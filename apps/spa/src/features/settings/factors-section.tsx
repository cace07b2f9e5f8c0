/** Ways to sign in: passkeys, and a password with an authenticator app. */
import { toast } from 'sonner'
import { AddPasskey } from './add-passkey.tsx'
import { PasskeyList } from './passkey-list.tsx'
import { SettingsSection } from './settings-section.tsx'
import { TotpFactor } from './totp-factor.tsx'

export const FactorsSection = () => (
  <>
    <SettingsSection
      title="Passkeys"
      lead="Have at least two, on different devices: if you lose one, the other lets you in."
      action={
        <AddPasskey
          variant="secondary"
          onAdded={({ name }) => toast.success(`“${name}” was added. You can rename it.`)}
        />
      }
    >
      <PasskeyList />
    </SettingsSection>
    <SettingsSection
      title="Password and authenticator app"
      lead="For devices without passkeys: a password, together with a code from an app."
    >
      <TotpFactor />
    </SettingsSection>
  </>
)
