/** One value of a setting, with what it means. */
import { useId } from 'react'
import type { ValueWords } from './words.ts'

export interface SettingValueProps {
  name: string
  words: ValueWords
  isChosen: boolean
  onChoose: (element: HTMLElement) => void
}

export function SettingValue({ name, words, isChosen, onChoose }: SettingValueProps) {
  const id = useId()
  return (
    <label
      htmlFor={id}
      className="flex cursor-pointer items-start gap-3 rounded-control border border-line p-4 hover:border-line-strong has-checked:border-accent has-checked:bg-accent-soft"
    >
      <input
        id={id}
        type="radio"
        name={name}
        aria-label={words.label}
        aria-describedby={`${id}-hint`}
        checked={isChosen}
        onChange={(event) => onChoose(event.target)}
        className="mt-1 size-4 shrink-0 accent-accent"
      />
      <span className="min-w-0">
        <span className="block font-medium">{words.label}</span>
        <span id={`${id}-hint`} className="mt-0.5 block text-muted text-sm leading-6">
          {words.hint}
        </span>
      </span>
    </label>
  )
}
