/** What one can do with it, in six parts. */
import { AppWindow, Fingerprint, Gamepad2, MessagesSquare, MoonStar, SquareTerminal } from 'lucide-react'
import { cn } from '../../ui/cn.ts'

const FEATURES = [
  {
    icon: AppWindow,
    title: 'Build apps by asking',
    text: 'Say what you need. Your AI writes it into your home, step by step before your eyes, and changes it when you change your mind. Every app has an origin of its own, so none can reach your files.',
    wide: true,
  },
  {
    icon: Gamepad2,
    title: 'Games that friends join',
    text: 'Apps have rooms: whoever opens the same link plays the same game. Publish it with one click, and nobody needs an account.',
    wide: false,
  },
  {
    icon: SquareTerminal,
    title: 'A real computer',
    text: 'A terminal that is still there after a sleep, your files, an editor, a note pad.',
    wide: false,
  },
  {
    icon: MessagesSquare,
    title: 'One AI on every channel',
    text: 'Here, on Telegram, Discord or Slack: one AI with one memory. A message wakes your computer, and so does a schedule. A text file called soul.md says who it is.',
    wide: true,
  },
  {
    icon: MoonStar,
    title: 'It sleeps and wakes',
    text: 'It is yours alone and has its own address. Unused, it falls asleep; on your next visit it wakes with every file where you left it.',
    wide: true,
  },
  {
    icon: Fingerprint,
    title: 'Your face is the key',
    text: 'Sign in with a passkey. Prefer a password? Pair it with an authenticator app.',
    wide: false,
  },
] as const

export const Features = () => (
  <section aria-labelledby="features" className="mx-auto max-w-6xl px-5 py-24 sm:px-8 lg:py-32">
    <h2 id="features" className="max-w-2xl font-semibold text-4xl leading-tight sm:text-[2.75rem]">
      Less like an app store. More like a computer of your own.
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
