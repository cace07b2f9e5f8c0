/** A conversation in which nothing was said yet: what there is to ask. */
import type { Me } from '../../../../src/protocol.ts'

const SUGGESTIONS = [
  {
    title: 'A game for two',
    text: 'Build me a tic-tac-toe game that two people can play together from different places.',
  },
  { title: 'A guestbook', text: 'Build me a guestbook where visitors leave a name and a short message.' },
  {
    title: 'A pixel clock',
    text: 'Build me a pixel clock that fills the screen and changes its colours with the hour.',
  },
] as const

export interface WelcomeProps {
  me: Me
  noCommands: string | null
  onPick: (text: string) => void
}

export const Welcome = ({ me, noCommands, onPick }: WelcomeProps) => (
  <section className="welcome">
    <h3>Hello, {me.handle}.</h3>
    <p>
      I’m your computer. I read and write your files{noCommands === null ? ', run commands' : ''} and build
      apps that you can show to others. I ask before I delete anything or leave your home, and what I write
      you can take back.
    </p>
    <ul>
      {SUGGESTIONS.map(({ title, text }) => (
        <li key={title}>
          <button type="button" onClick={() => onPick(text)}>
            <b>{title}</b>
            <span>{text}</span>
          </button>
        </li>
      ))}
    </ul>
    {noCommands !== null && <p className="aside">I can’t run commands here. {noCommands}</p>}
  </section>
)
