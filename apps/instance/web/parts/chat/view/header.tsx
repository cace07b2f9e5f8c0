/** Above the conversation: the way to the others, which model answers, and what is left of the credits. */
import type { ChatSession } from '../model/session.ts'
import type { ChatView } from '../model/view.ts'
import { Credits } from './credits.tsx'
import { ListIcon, PlusIcon } from './icons.tsx'

export interface HeaderProps {
  view: ChatView
  session: ChatSession
  onList: () => void
  onNew: () => void
}

export const Header = ({ view, session, onList, onNew }: HeaderProps) => (
  <header className="head">
    <button type="button" className="to-list" onClick={onList} aria-label="Conversations">
      <ListIcon />
    </button>
    <button type="button" className="to-new" onClick={onNew} aria-label="New conversation">
      <PlusIcon />
    </button>
    {view.models.length > 1 && (
      <label className="model">
        <span className="spoken">Model</span>
        <select
          value={view.model}
          onChange={({ target }) => session.ask({ type: 'model', model: target.value })}
        >
          {view.models.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
    )}
    <Credits credits={view.credits} />
  </header>
)
