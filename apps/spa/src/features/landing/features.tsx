/** What one can do with it, in four parts. */
import { AppWindow, Gamepad2, MessagesSquare, Sparkles } from 'lucide-react'
import { cn } from '../../lib/cn.ts'

const FEATURES = [
  {
    icon: AppWindow,
    title: 'Build apps by asking',
    text: 'Describe what you need. Your AI writes it, installs it on your desktop and changes it when you change your mind. The source is a file in your home.',
    wide: true,
  },
  {
    icon: MessagesSquare,
    title: 'One AI on every channel',
    text: 'Talk to it here, on Telegram, Discord or Slack. It remembers one conversation.',
    wide: false,
  },
  {
    icon: Sparkles,
    title: 'A personality you write',
    text: 'A plain text called SOUL says who your AI is. Edit it like any other file.',
    wide: false,
  },
  {
    icon: Gamepad2,
    title: 'Games that friends join',
    text: 'Invent a game in the afternoon, play it together in the evening. Every computer has an address, so an invitation is a link.',
    wide: true,
  },
] as const

export const Features = () => (
  <section aria-labelledby="features" className="mx-auto max-w-6xl px-5 py-24 sm:px-8 lg:py-32">
    <h2 id="features" className="max-w-2xl font-semibold text-4xl leading-tight sm:text-[2.75rem]">
      Less like an app store. More like a computer that listens.
    </h2>
    <div className="mt-14 grid gap-4 md:grid-cols-5">
      {FEATURES.map(({ icon: Icon, title, text, wide }) => (
        <article
          key={title}
          className={cn(
            'rounded-card border border-line bg-surface p-7 sm:p-9',
            wide ? 'md:col-span-3' : 'md:col-span-2',
          )}
        >
          <Icon aria-hidden className="size-7 text-accent" strokeWidth={1.6} />
          <h3 className="mt-8 font-semibold text-xl">{title}</h3>
          <p className="mt-2.5 max-w-md text-muted leading-7">{text}</p>
        </article>
      ))}
    </div>
  </section>
)
