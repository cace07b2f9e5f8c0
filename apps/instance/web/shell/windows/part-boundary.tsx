/** A part that fails, or whose script cannot be loaded, takes nothing else along. */
import { Component, type ReactNode } from 'react'

export interface PartBoundaryProps {
  title: string
  children: ReactNode
}

export class PartBoundary extends Component<PartBoundaryProps, { hasFailed: boolean }> {
  override state = { hasFailed: false }

  static getDerivedStateFromError() {
    return { hasFailed: true }
  }

  override render() {
    if (!this.state.hasFailed) return this.props.children
    return (
      <div className="part-failed" role="alert">
        <p>{this.props.title} could not be shown. Your files are safe.</p>
        {/* What failed to load stays failed for this page: only a new one asks again. */}
        <button type="button" className="button" onClick={() => location.reload()}>
          Reload
        </button>
      </div>
    )
  }
}
