/** The bar: whose computer it is, how it is, and the way to the dashboard. */
import type { Me } from '../../src/protocol.ts'
import { News, StateLamp } from './news/news.tsx'

export const Bar = ({ me }: { me: Me }) => (
  <header className="bar">
    <img src="/icon.svg" alt="" width="28" height="28" />
    <span className="name">{me.handle}</span>
    {me.viewer && (
      <span className="viewer">
        <span>Viewing as </span>
        {me.viewer.handle}
      </span>
    )}
    <StateLamp />
    <a className="dashboard" href="/.mos/dashboard">
      Dashboard
    </a>
    <News />
  </header>
)
