/** What this computer is, and how much is kept on it. */
import { useEffect, useState } from 'react'
import type { About as Facts } from '../../../src/shell/look.ts'

export function About() {
  const [facts, setFacts] = useState<Facts | 'failed' | null>(null)
  useEffect(() => {
    let isOver = false
    readFacts().then(
      (read) => isOver || setFacts(read),
      () => isOver || setFacts('failed'),
    )
    return () => {
      isOver = true
    }
  }, [])
  return (
    <section aria-labelledby="settings-about">
      <h3 id="settings-about">About</h3>
      {facts === 'failed' ? (
        <p className="words">I could not look that up just now. Open the settings again to see it.</p>
      ) : (
        <dl aria-busy={facts === null}>
          {linesOf(facts).map(([term, value]) => (
            <div className="fact" key={term}>
              <dt>{term}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  )
}

async function readFacts(): Promise<Facts> {
  const answer = await fetch('/api/about')
  if (!answer.ok) throw new Error(`status ${answer.status}`)
  return (await answer.json()) as Facts
}

/** Room is kept for what is not known yet: nothing jumps when it comes. */
function linesOf(facts: Facts | null): [string, string][] {
  const later = (read: (facts: Facts) => string) => (facts ? read(facts) : '…')
  return [
    ['Handle', later(({ handle }) => handle)],
    ['Name', later(({ displayName }) => displayName)],
    ['Image', later(({ image }) => image ?? 'None: it runs as a program of its host')],
    ['Node', later(({ node }) => node)],
    ['In your home', later(({ home }) => `${home.isWhole ? '' : 'more than '}${size(home.bytes)}`)],
    ['Free on its disk', later(({ freeBytes }) => (freeBytes === null ? 'Unknown' : size(freeBytes)))],
  ]
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB']

/** Decimal units, three figures. */
export function size(bytes: number): string {
  let [value, unit] = [bytes, 0]
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000
    unit++
  }
  return `${value >= 100 || unit === 0 ? Math.round(value) : Number(value.toPrecision(3))} ${UNITS[unit]}`
}
