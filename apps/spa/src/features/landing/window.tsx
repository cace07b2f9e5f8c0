/** A drawing of somebody's computer: its address, its console, and the note pad beside it. */
import { Dot } from '../../ui/dot.tsx'

export const Window = ({ suffix }: { suffix: string }) => (
  <div
    aria-hidden
    className="relative isolate min-w-0 animate-rise overflow-hidden rounded-[1.4rem] border border-line bg-surface shadow-card [animation-delay:120ms]"
  >
    <div className="flex items-center gap-3 border-line border-b px-5 py-3.5">
      <Dot tone="awake" />
      <span className="min-w-0 flex-1 truncate font-mono text-sm">
        ada<span className="text-muted">{suffix}</span>
      </span>
      <span className="text-muted text-xs">awake</span>
    </div>
    <div className="space-y-4 bg-[radial-gradient(var(--unlit)_1px,transparent_1px)] bg-size-[18px_18px] p-5 sm:p-7">
      <div className="pb-1">
        <p className="text-muted text-sm">Good morning</p>
        <p className="mt-0.5 font-semibold text-2xl tracking-[-0.02em]">Welcome, ada</p>
      </div>
      <Console />
      <NotePad />
    </div>
  </div>
)

const LINES = [
  { typed: 'ls', answer: 'README.md  apps/  notes/  system/' },
  { typed: 'cat notes/garden.md', answer: 'Fern: today. Basil: in 2 days. Cactus: in May.' },
] as const

/** The colours of the computer's own console: a dark screen in both schemes. */
const Console = () => (
  <div className="rounded-2xl border border-line bg-sunken text-ink p-5 [--accent:oklch(0.83_0.17_160)] [--ink:oklch(0.92_0.012_150)] [--line:oklch(0.33_0.02_168)] [--lit:oklch(0.83_0.17_160)] [--muted:oklch(0.72_0.02_155)] [--sunken:oklch(0.215_0.018_168)] dark:[--line:oklch(0.28_0.015_168)] dark:[--sunken:oklch(0.14_0.01_168)] font-mono text-[0.8rem] leading-6 shadow-card">
    {LINES.map(({ typed, answer }) => (
      <div key={typed} className="mb-2">
        <p>
          ada <span className="text-muted">~</span> <span className="text-accent">›</span> {typed}
        </p>
        <p className="text-muted">{answer}</p>
      </div>
    ))}
    <p className="flex items-center gap-2">
      ada <span className="text-muted">~</span> <span className="text-accent">›</span>
      <span className="inline-block h-4 w-2 bg-lit" />
    </p>
  </div>
)

const NotePad = () => (
  <div className="rounded-2xl border border-line bg-surface p-5 shadow-card">
    <div className="flex items-baseline justify-between gap-3">
      <span className="font-semibold">Note pad</span>
      <span className="text-accent text-xs">Saved</span>
    </div>
    <p className="mt-2.5 text-sm leading-6">Repot the fern on Sunday. Ask Bob where he gets the good soil.</p>
  </div>
)
