/** What publishing means, in words. */
import type { PublicationMode, PublicationView } from '@matrixos/shared'
import { isNothing, usdText } from '../../lib/money.ts'
import { capitalized } from '../../lib/texts.ts'

/** Who may open it. */
export const AUDIENCES: Record<PublicationMode, { label: string; hint: string; means: string[] }> = {
  public: {
    label: 'Anyone with the link',
    hint: 'No account needed. You do not learn who they are.',
    means: [
      'They open and use this app, as far as the app lets visitors.',
      'They get nowhere else: not to your terminal, files, chat, or other apps.',
      'They wake your computer when it sleeps. Bots and link previews do not.',
    ],
  },
  viewers: {
    label: 'People you invited',
    hint: 'Those you share your computer with, once they are signed in.',
    means: [
      'They open and use this app under their own name.',
      'Everybody else is told that it is not for them.',
      'Link previews show nothing of it.',
    ],
  },
}

/** `tic-tac-toe` → `Tic tac toe`. */
export const titleOf = (app: string): string => capitalized(app.replaceAll('-', ' '))

/** Who comes in now; `isAllowed`: what the platform says. */
export function audienceText({ mode, visitorCredits }: PublicationView, isAllowed: boolean): string {
  if (!isAllowed) return 'Lets nobody in while publishing is switched off'
  const ai = isNothing(visitorCredits) ? '' : `, AI up to ${usdText(visitorCredits)} a month`
  return `Open to ${mode === 'public' ? 'anyone with the link' : 'people you invited'}${ai}`
}

/** An emoji, and nothing that could be read as a word of the platform's. */
export const emojiOf = (icon: string | undefined): string | undefined =>
  icon !== undefined && icon.length <= 16 && /^\p{Extended_Pictographic}/u.test(icon) ? icon : undefined
