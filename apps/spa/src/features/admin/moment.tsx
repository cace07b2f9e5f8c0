/** When something was, as people say it; the exact time comes with the pointer. */
import { timeAgo } from '../../lib/time.ts'

const exact = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' })

export const exactTime = (iso: string): string => exact.format(new Date(iso))

export const Moment = ({ iso, now }: { iso: string; now: number }) => (
  <time dateTime={iso} title={exactTime(iso)} className="whitespace-nowrap">
    {timeAgo(iso, now)}
  </time>
)
