/** What one can do with it, in six parts: what is here today, and what is coming. */
import { AppWindow, Fingerprint, Gamepad2, MessagesSquare, MoonStar, SquareTerminal } from 'lucide-react'
import { cn } from '../../ui/cn.ts'

const FEATURES = [
  {
    icon: MoonStar,
    title: 'A computer that sleeps and wakes',
    text: 'It is yours alone and has its own address. Unused, it falls asleep; on your next visit it wakes with every file where you left it.',
    wide: true,
    coming: false,
  },
  {
    icon: Fingerprint,
    title: 'Your face is the key',
    text: 'Sign in with a passkey, or with a password and an authenticator app.',
    wide: false,
    coming: false,
  },
  {
    icon: SquareTerminal,
    title: 'A console and a note pad',
    text: 'Look around your home, keep files, and write notes that save as you type.',
    wide: false,
    coming: false,
  },
  {
    icon: AppWindow,
    title: 'Build apps by asking',
    text: 'Describe what you need. Your AI writes it, installs it on your desktop and changes it when you change your mind. The source is a file in your home.',
    wide: true,
    coming: true,
  },
  {
    icon: MessagesSquare,
    title: 'One AI on every channel',
    text: 'Here, on Telegram, Discord or Slack: one conversation, one memory. A text file called soul.md says who it is, and you can write that today.',
    wide: true,
    coming: true,
  },
  {
    icon: Gamepad2,
    title: 'Games that friends join',
    text: 'Invent a game in the afternoon, play it together in the evening. The invitation is a link.',
    wide: false,
    coming: true,
  },
] as const

export const Features = () => (
  <section aria-labelledby="features" className="mx-auto max-w-6xl px-5 py-24 sm:px-8 lg:py-32">
    <h2 id="features" className="max-w-2xl font-semibold text-4xl leading-tight sm:text-[2.75rem]">
      Less like an app store. More like a computer of your own.
    </h2>
    <div className="mt-14 grid gap-4 md:grid-cols-5">
      {FEATURES.map(({ icon: Icon, title, text, wide, coming }) => (
        <article
          key={title}
          className={cn(
            'rounded-card border border-line p-7 sm:p-9',
            wide ? 'md:col-span-3' : 'md:col-span-2',
            coming ? 'border-dashed' : 'bg-surface',
          )}
        >
          <div className="flex items-start justify-between gap-4">
            <Icon
              aria-hidden
              className={cn('size-7', coming ? 'text-muted' : 'text-accent')}
              strokeWidth={1.6}
            />
            {coming && (
              <span className="rounded-full bg-accent-soft px-3 py-1 font-medium text-accent text-xs">
                Coming
              </span>
            )}
          </div>
          <h3 className="mt-8 font-semibold text-xl">{title}</h3>
          <p className="mt-2.5 max-w-md text-muted leading-7">{text}</p>
        </article>
      ))}
    </div>
  </section>
)
