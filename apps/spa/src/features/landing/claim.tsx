/** A handle typed right here goes along to the sign-up page. */
import { Button } from '../../ui/button.tsx'
import { PLACE } from './place.ts'

export const Claim = () => (
  <form
    method="get"
    action={`${PLACE.appOrigin}/signup`}
    className="mt-9 flex max-w-xl flex-col gap-2 rounded-[1.1rem] sm:flex-row sm:border sm:border-line sm:bg-surface sm:p-2 sm:shadow-card"
  >
    <label className="flex h-13 min-w-0 items-center rounded-control border border-line bg-surface px-4 focus-within:outline-2 focus-within:outline-accent sm:flex-1 sm:border-transparent">
      <span className="sr-only">Your handle</span>
      <input
        name="handle"
        placeholder="your-name"
        maxLength={64}
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        className="h-full min-w-0 flex-1 bg-transparent font-mono outline-none placeholder:text-muted/70"
      />
      <span aria-hidden className="max-w-[60%] truncate font-mono text-muted">
        {PLACE.addressSuffix}
      </span>
    </label>
    <Button type="submit" size="lg">
      Get started
    </Button>
  </form>
)
