/** A link that is shown this once, with the way to copy it. */
import { useId } from 'react'
import { CopyButton } from '../../ui/copy-button.tsx'

export function LinkOnce({ label, url }: { label: string; url: string }) {
  const id = useId()
  return (
    <div className="mt-5">
      <label htmlFor={id} className="mb-2 block font-medium text-sm">
        {label}
      </label>
      <div className="flex items-center gap-2 rounded-control border border-line bg-sunken py-1.5 pr-1.5 pl-4">
        <input
          id={id}
          readOnly
          value={url}
          onFocus={(event) => event.target.select()}
          className="h-9 min-w-0 flex-1 bg-transparent font-mono text-sm"
        />
        <CopyButton text={url} label={`Copy: ${label}`} />
      </div>
    </div>
  )
}
