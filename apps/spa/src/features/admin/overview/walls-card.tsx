/** What keeps computers from each other and from the server, and what the last test from inside found. */
import type { SelfTestView, WallsView } from '@matrixos/shared'
import { useNow } from '../../../lib/use-now.ts'
import { Dot } from '../../../ui/dot.tsx'
import { Moment } from '../moment.tsx'
import { Fact, Facts, FigureCard } from './figure-card.tsx'
import { CONTAINER_WORDS, FIREWALL_WORDS, HOME_WORDS, verdictOf, WALL_WORDS } from './wall-words.ts'

export function WallsCard({ walls }: { walls: WallsView }) {
  const { text, tone } = verdictOf(walls)
  const { ociRuntime, firewall, homes, selfTest, broken } = walls
  return (
    <FigureCard title="Isolation" className="sm:col-span-2">
      <p className="mt-3 flex items-baseline gap-3 text-pretty font-medium">
        <Dot tone={tone} className="animate-none shadow-none" />
        {text}
      </p>
      {broken !== null && <p className="mt-2 break-words text-muted text-sm leading-6">{broken}</p>}
      <div className="grid sm:grid-cols-2 sm:gap-10">
        <Facts>
          <Fact term="Computers run in">{CONTAINER_WORDS[ociRuntime ?? 'none']}</Fact>
          <Fact term="Firewall">{FIREWALL_WORDS[firewall.by]}</Fact>
          <Fact term="Homes">{HOME_WORDS[homes]}</Fact>
        </Facts>
        {selfTest !== null && <Tested selfTest={selfTest} />}
      </div>
      {firewall.by === 'nobody' && firewall.why !== null && ociRuntime !== null && (
        <p className="mt-4 text-pretty text-muted text-sm">No firewall: {firewall.why}</p>
      )}
    </FigureCard>
  )
}

function Tested({ selfTest }: { selfTest: SelfTestView }) {
  const now = useNow(30_000)
  const { at, report, why } = selfTest
  return (
    <Facts>
      <Fact term="Tested from inside">
        <Moment iso={at} now={now} />
      </Fact>
      {report === null ? (
        <p className="text-pretty text-muted">It could not be tested: {why}</p>
      ) : (
        <>
          <Fact term="Other computers">{WALL_WORDS[report.neighbour]}</Fact>
          <Fact term="This server">{WALL_WORDS[report.host]}</Fact>
          <Fact term="Metadata services">{WALL_WORDS[report.metadata]}</Fact>
          <Fact term="AI proxy">{report.services === 'answer' ? 'Answers' : 'Does not answer'}</Fact>
        </>
      )}
    </Facts>
  )
}
