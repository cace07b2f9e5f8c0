/** `/device`: grants a device or program without a browser what it asks for, and says exactly what that is. */
import type { DeviceLoginView, UserView } from '@matrixos/shared'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { AuthShell } from './auth-shell.tsx'
import { DeviceCode } from './device/device-code.tsx'
import { DeviceDecision } from './device/device-decision.tsx'
import { SignedIn } from './signed-in.tsx'

const route = getRouteApi('/device')

export const DevicePage = () => <SignedIn>{(user) => <ConnectDevice user={user} />}</SignedIn>

const OUTCOMES = {
  approved: {
    title: 'Device connected',
    lead: 'Go back to it: it continues by itself within a few seconds.',
  },
  denied: { title: 'Device refused', lead: 'It gets nothing, and has been told so.' },
}

function ConnectDevice({ user }: { user: UserView }) {
  const { code = '' } = route.useSearch()
  const [login, setLogin] = useState<DeviceLoginView | null>(null)
  const footer = (
    <>
      Signed in as <strong className="font-medium text-ink">{user.handle}</strong>
    </>
  )
  if (login?.decision) {
    return (
      <AuthShell key="outcome" {...OUTCOMES[login.decision]} footer={footer}>
        <Link to="/settings/tokens" className="font-medium text-accent underline-offset-4 hover:underline">
          See your tokens and devices
        </Link>
      </AuthShell>
    )
  }
  if (login) {
    return (
      <AuthShell
        key="decision"
        title={`Connect “${login.clientName}”?`}
        lead="A program calls itself that. It asks to act in your name."
        footer={footer}
      >
        <DeviceDecision login={login} onDecided={setLogin} onGone={() => setLogin(null)} />
      </AuthShell>
    )
  }
  return (
    <AuthShell
      key="code"
      title="Connect a device"
      lead="Enter the code that your device or program shows."
      footer={footer}
    >
      <DeviceCode initial={code} onFound={setLogin} />
    </AuthShell>
  )
}
