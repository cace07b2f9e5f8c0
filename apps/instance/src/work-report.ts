/**
 * Several rooms tell the platform whether they are at work, and it keeps one answer: it hears that nobody is when the last
 * of them has finished.
 */
export type Report = (isBusy: boolean) => Promise<void>

export function shareReports(): (report: Report) => Report {
  const busy = new Set<Report>()
  return (report) => {
    const own: Report = async (isBusy) => {
      if (isBusy) busy.add(own)
      else busy.delete(own)
      await report(busy.size > 0)
    }
    return own
  }
}
