/** The apps of this computer: to open, to begin, and to look after. */
import { useEffect, useState } from 'react'
import type { AppEntry } from '../../../src/apps/protocol.ts'
import type { Me } from '../../../src/protocol.ts'
import { appsHere } from '../../shell/apps-here.ts'
import type { PartProps } from '../../shell/part.ts'
import { findPart } from '../../shell/parts.ts'
import { useStore } from '../../shell/store.ts'
import { MoreIcon, PlusIcon } from '../files/ui/icons.ts'
import { below, Menu, type MenuState } from '../files/ui/menu.tsx'
import { ToastBar } from '../files/ui/toast.tsx'
import { Tool } from '../files/ui/tool.tsx'
import { type Acts, menuOf, openApp, serverWords } from './acts.ts'
import { appsClient } from './client.ts'
import { AppIcon } from './icon.tsx'
import { NameDialog, Sheets } from './sheets.tsx'
import { appsFailure, refreshApps, watchApps } from './store.ts'
import { asksForNew } from './target.ts'
import { useActs } from './use-acts.ts'
import './styles/index.css'

export default function Apps({ me, target, setTarget, open }: PartProps) {
  const apps = useStore(appsHere)
  const failure = useStore(appsFailure)
  const [menu, setMenu] = useState<MenuState | null>(null)
  const { acts, sheet, closeSheet, toast, endToast } = useActs(open)
  const canChange = !me.viewer
  const isNew = canChange && asksForNew(target)
  const begin = () => setTarget({ isNew: true })
  useEffect(watchApps, [])
  const showMenu = (app: AppEntry, button: Element) =>
    setMenu({ title: app.title, at: below(button), items: menuOf(app, me, acts) })
  return (
    <div className="apps">
      {apps === null ? (
        failure === null ? (
          <Outline />
        ) : (
          <Failed words={failure} />
        )
      ) : apps.length === 0 ? (
        <Empty me={me} onNew={begin} open={open} />
      ) : (
        <>
          {canChange && (
            <div className="apps-bar">
              <Tool label="New app" Icon={PlusIcon} isWordy onClick={begin} />
            </div>
          )}
          {failure !== null && (
            <p className="notice" data-tone="bad" role="alert">
              {failure}
            </p>
          )}
          <ul className="app-list" aria-label="Apps">
            {apps.map((app) => (
              <Row key={app.name} {...{ app, acts, showMenu }} hasMenu={canChange || app.url !== null} />
            ))}
          </ul>
        </>
      )}
      {menu && <Menu menu={menu} onClose={() => setMenu(null)} />}
      {sheet && <Sheets open={sheet} onClose={closeSheet} />}
      {isNew && (
        <NameDialog
          title="New app"
          about="A small page to begin with. Change its files, or have me change them."
          label="What is it called?"
          first=""
          action="Make it"
          problemOf={(title) => (title === '' ? 'Give it a name.' : null)}
          onName={async (title) => {
            const { name } = await appsClient.begin(title)
            await refreshApps()
            open({ part: 'app', target: { name } })
          }}
          onClose={() => setTarget(null)}
        />
      )}
      <ToastBar toast={toast} onEnd={endToast} />
    </div>
  )
}

interface RowProps {
  app: AppEntry
  acts: Acts
  hasMenu: boolean
  showMenu: (app: AppEntry, button: Element) => void
}

function Row({ app, acts, hasMenu, showMenu }: RowProps) {
  const words = app.problem ?? serverWords(app)
  const isBad = app.problem !== null || app.server?.state === 'failed' || app.server?.state === 'refused'
  return (
    <li>
      <button
        type="button"
        className="app-main"
        disabled={app.url === null}
        onClick={() => acts.open(openApp(app))}
        onContextMenu={(event) => {
          event.preventDefault()
          if (hasMenu) showMenu(app, event.currentTarget)
        }}
      >
        <AppIcon app={app} />
        <span className="app-words">
          <b>{app.title}</b>
          {app.description !== null && <span>{app.description}</span>}
          {words !== null && (
            <span className="app-state" data-bad={isBad}>
              {words}
            </span>
          )}
        </span>
      </button>
      {hasMenu && (
        <Tool
          label={`More for ${app.title}`}
          Icon={MoreIcon}
          aria-haspopup="menu"
          onClick={({ currentTarget }) => showMenu(app, currentTarget)}
        />
      )}
    </li>
  )
}

const Outline = () => (
  <div className="app-outline" role="status">
    <span className="spoken">Looking for apps</span>
    <i />
    <i />
    <i />
  </div>
)

const Failed = ({ words }: { words: string }) => (
  <div className="apps-none" role="alert">
    <p>{words}</p>
    <button type="button" className="button" onClick={() => void refreshApps()}>
      Try again
    </button>
  </div>
)

interface EmptyProps {
  me: Me
  onNew: () => void
  open: PartProps['open']
}

function Empty({ me, onNew, open }: EmptyProps) {
  if (me.viewer) {
    return (
      <div className="apps-none">
        <h3>No apps yet</h3>
        <p>{me.handle} has made none so far.</p>
      </div>
    )
  }
  const hasChat = findPart('chat') !== undefined
  return (
    <div className="apps-none">
      <h3>No apps yet</h3>
      <p>
        An app is a folder in <code>apps</code>: a page, or more, at an address of its own. It can keep
        things, play with others, and be shared by a link.
      </p>
      <div className="actions">
        {hasChat && (
          <button type="button" className="button primary" onClick={() => open({ part: 'chat' })}>
            Ask me for one
          </button>
        )}
        <button type="button" className={hasChat ? 'button' : 'button primary'} onClick={onNew}>
          New app
        </button>
      </div>
    </div>
  )
}
