/** Something to be pasted elsewhere. */
import { useState } from 'react'

export function CopyField({ label, value }: { label: string; value: string }) {
  const [isCopied, setIsCopied] = useState(false)
  const copy = () => {
    navigator.clipboard.writeText(value).then(
      () => setIsCopied(true),
      () => setIsCopied(false),
    )
  }
  return (
    <label className="field copy">
      <span>{label}</span>
      <span className="beside">
        <input readOnly value={value} onFocus={(event) => event.currentTarget.select()} />
        <button type="button" className="button" onClick={copy}>
          {isCopied ? 'Copied' : 'Copy'}
        </button>
      </span>
    </label>
  )
}
