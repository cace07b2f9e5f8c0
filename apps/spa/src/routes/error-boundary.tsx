/** Catches what breaks while drawing, such as a chunk that a new version removed, and offers to load again. */
import { Component, type ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { Details } from '../ui/details.tsx'
import { MessagePage } from '../ui/message-page.tsx'

export const Crash = ({ error }: { error: unknown }) => (
  <MessagePage
    title="This page failed to load"
    actions={<Button onClick={() => location.reload()}>Reload</Button>}
  >
    <p>Your computer and your files are safe. Reloading usually helps.</p>
    {error instanceof Error && <Details>{error.message}</Details>}
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
