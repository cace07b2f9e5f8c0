/** Theme, accent and wallpaper. */
import { type Look, THEMES, WALLPAPERS } from '../../../src/shell/look.ts'
import { changeLook, look } from '../../shell/look.ts'
import { useStore } from '../../shell/store.ts'

const THEME_NAMES: Record<Look['theme'], string> = { system: 'This device', light: 'Light', dark: 'Dark' }
const WALLPAPER_NAMES: Record<Look['wallpaper'], string> = { glyph: 'Glyph', dots: 'Dots', plain: 'Plain' }

/** Angles on the wheel; every one of the wheel keeps the contrast that reading takes. */
const HUES = [
  { hue: 161, name: 'Green' },
  { hue: 215, name: 'Teal' },
  { hue: 258, name: 'Blue' },
  { hue: 300, name: 'Violet' },
  { hue: 350, name: 'Pink' },
  { hue: 32, name: 'Red' },
  { hue: 75, name: 'Amber' },
] as const

export function LookSettings() {
  const { theme, hue, wallpaper } = useStore(look)
  return (
    <section aria-labelledby="settings-look">
      <h3 id="settings-look">Look</h3>
      <Choice
        legend="Theme"
        options={THEMES.map((value) => ({ value, label: THEME_NAMES[value] }))}
        chosen={theme}
        onChoose={(value) => changeLook({ theme: value })}
      />
      <fieldset>
        <legend>Accent</legend>
        <div className="swatches">
          {HUES.map((one) => (
            <label
              key={one.hue}
              className="hue"
              ref={(element) => element?.style.setProperty('--hue', `${one.hue}`)}
            >
              <input
                type="radio"
                name="hue"
                aria-label={one.name}
                checked={hue === one.hue}
                onChange={() => changeLook({ hue: one.hue })}
              />
            </label>
          ))}
        </div>
        <label className="wheel">
          <span>Your own</span>
          <input
            type="range"
            min="0"
            max="359"
            value={hue}
            aria-valuetext={`${hue} degrees on the wheel of colours`}
            onChange={(event) => changeLook({ hue: Number(event.currentTarget.value) })}
          />
        </label>
      </fieldset>
      <Choice
        legend="Wallpaper"
        options={WALLPAPERS.map((value) => ({ value, label: WALLPAPER_NAMES[value] }))}
        chosen={wallpaper}
        onChoose={(value) => changeLook({ wallpaper: value })}
      />
    </section>
  )
}

interface ChoiceProps<T extends string> {
  legend: string
  options: readonly { value: T; label: string }[]
  chosen: T
  onChoose: (value: T) => void
}

const Choice = <T extends string>({ legend, options, chosen, onChoose }: ChoiceProps<T>) => (
  <fieldset>
    <legend>{legend}</legend>
    <div className="segmented">
      {options.map(({ value, label }) => (
        <label key={value}>
          <input type="radio" name={legend} checked={value === chosen} onChange={() => onChoose(value)} />
          <span>{label}</span>
        </label>
      ))}
    </div>
  </fieldset>
)
