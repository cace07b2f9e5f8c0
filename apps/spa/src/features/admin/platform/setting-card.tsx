/** One setting: its values as radio buttons, of which the chosen one takes effect at once. */
import {
  SETTINGS,
  type SettingChange,
  type SettingName,
  type SettingsView,
  settingChangeSchema,
} from '@matrixos/shared'
import { useId, useRef, useState } from 'react'
import { toast } from 'sonner'
import { errorText } from '../../../lib/errors.ts'
import { trpc } from '../../../lib/trpc.ts'
import { useNow } from '../../../lib/use-now.ts'
import { Card } from '../../../ui/card.tsx'
import { Moment } from '../moment.tsx'
import { ConfirmSetting } from './confirm-setting.tsx'
import { SettingValue } from './setting-value.tsx'
import { settingWords, type ValueWords } from './words.ts'

type Ask = NonNullable<ValueWords['ask']>

export interface SettingCardProps<N extends SettingName> {
  name: N
  setting: SettingsView[N]
}

export function SettingCard<N extends SettingName>({ name, setting }: SettingCardProps<N>) {
  const utils = trpc.useUtils()
  const id = useId()
  const [asked, setAsked] = useState<{ change: SettingChange; words: ValueWords; ask: Ask } | null>(null)
  const opener = useRef<HTMLElement>(null)
  const set = trpc.admin.settings.set.useMutation({
    onSuccess: (settings) => utils.admin.settings.get.setData(undefined, settings),
    onError: (error) => void toast.error(errorText(error)),
  })
  const apply = (change: SettingChange, words: ValueWords) =>
    set.mutate(change, { onSuccess: () => void toast.success(words.done) })
  const { title, values } = settingWords(name, setting)
  function choose(value: string, words: ValueWords, element: HTMLElement) {
    const change = settingChangeSchema.parse({ name, value })
    opener.current = element
    if (words.ask) setAsked({ change, words, ask: words.ask })
    else apply(change, words)
  }
  const shown = set.isPending ? set.variables.value : setting.value
  return (
    <Card className="mt-6" aria-labelledby={id}>
      <fieldset aria-busy={set.isPending}>
        <legend id={id} className="font-semibold text-lg">
          {title}
        </legend>
        <div className="mt-4 space-y-2">
          {SETTINGS[name].options.map((value) => {
            const words = values[value]
            return (
              words && (
                <SettingValue
                  key={value}
                  name={name}
                  words={words}
                  isChosen={value === shown}
                  onChoose={(element) => choose(value, words, element)}
                />
              )
            )
          })}
        </div>
      </fieldset>
      <LastChange setting={setting} words={values} />
      {asked && (
        <ConfirmSetting
          ask={asked.ask}
          opener={opener}
          onClose={() => setAsked(null)}
          onConfirm={() => apply(asked.change, asked.words)}
        />
      )}
    </Card>
  )
}

function LastChange({
  setting,
  words,
}: {
  setting: SettingsView[SettingName]
  words: Record<string, ValueWords>
}) {
  const now = useNow(30_000)
  return (
    <p className="mt-4 text-muted text-sm">
      {setting.updatedAt ? (
        <>
          Changed <Moment iso={setting.updatedAt} now={now} />
          {setting.updatedBy && ` by ${setting.updatedBy === 'server' ? 'the server' : setting.updatedBy}`}.
        </>
      ) : (
        `Never changed. ${words[setting.default]?.label} by default.`
      )}
    </p>
  )
}
