/** Catches what breaks while drawing, such as a chunk that a new version removed, and offers to load again. */
import { HeartCrack } from 'lucide-react'
import { Component, type ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { MessagePage } from '../ui/message-page.tsx'

export const Crash = ({ error }: { error: unknown }) => (
  <MessagePage
    icon={HeartCrack}
    title="This page broke"
    actions={<Button onClick={() => location.reload()}>Load it again</Button>}
  >
    <p>Your computer and your files are not affected. Loading the page again usually helps.</p>
    {error instanceof Error && (
      <p className="mt-4 break-words font-mono text-xs" role="alert">
        {error.message}
      </p>
    )}
  </MessagePage>
)

/** React has boundaries only as classes. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: null }

  static getDerivedStateFromError(error: unknown) {
    return { error: error ?? new Error('Unknown') }
  }

  override render() {
    return this.state.error === null ? this.props.children : <Crash error={this.state.error} />
  }
}
