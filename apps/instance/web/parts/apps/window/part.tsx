/** One app in its window: in a frame, at its own origin. */
import { useEffect, useState } from 'react'
import type { AppEntry } from '../../../../src/apps/protocol.ts'
import type { Me } from '../../../../src/protocol.ts'
import { appsHere } from '../../../shell/apps-here.ts'
import type { PartProps } from '../../../shell/part.ts'
import { useStore } from '../../../shell/store.ts'
import { MoreIcon } from '../../files/ui/icons.ts'
import { below, Menu, type MenuState } from '../../files/ui/menu.tsx'
import { ToastBar } from '../../files/ui/toast.tsx'
import { Tool } from '../../files/ui/tool.tsx'
import { menuOf } from '../acts.ts'
import { launchPath } from '../client.ts'
import { Sheets } from '../sheets.tsx'
import { appsFailure, findApp, refreshApps, watchApps } from '../store.ts'
import { appIn } from '../target.ts'
import { useActs } from '../use-acts.ts'
import { AppFrame } from './frame.tsx'
import { FullScreenIcon, ReloadIcon } from './icons.ts'
import '../styles/index.css'

export default function AppWindow({ me, target, setTitle, close, open }: PartProps) {
  const name = appIn(target) ?? ''
  const apps = useStore(appsHere)
  const app = findApp(apps, name)
  const title = app?.title
  useEffect(watchApps, [])
  useEffect(() => {
    if (title !== undefined) setTitle(title)
  }, [title, setTitle])
  if (!app) return <Absent isKnown={apps !== null} name={name} close={close} open={open} />
  return <Shown key={name} app={app} me={me} open={open} />
}

interface ShownProps {
  app: AppEntry
  me: Me
  open: PartProps['open']
}

function Shown({ app, me, open }: ShownProps) {
  const [loads, setLoads] = useState(0)
  const [menu, setMenu] = useState<MenuState | null>(null)
  const { acts, sheet, closeSheet, toast, endToast } = useActs(open)
  const items = menuOf(app, me, acts).filter(({ label }) => label !== 'Open')
  const reason = app.problem ?? (app.server?.state === 'refused' ? app.server.reason : null)
  return (
    <div className="app-window">
      <div className="app-strip">
        <span className="app-host">{app.url ? new URL(app.url).host : ''}</span>
        {app.url !== null && (
          <>
            <Tool label="Reload" Icon={ReloadIcon} onClick={() => setLoads((so) => so + 1)} />
            <Tool
              label="Open full screen"
              Icon={FullScreenIcon}
              onClick={() => acts.visit(launchPath(app.name))}
            />
          </>
        )}
        {items.length > 0 && (
          <Tool
            label={`More for ${app.title}`}
            Icon={MoreIcon}
            aria-haspopup="menu"
            onClick={({ currentTarget }) => setMenu({ title: app.title, at: below(currentTarget), items })}
          />
        )}
      </div>
      <div className="app-stage">
        {reason !== null || app.url === null ? (
          <div className="apps-none" role="alert">
            <h3>{app.title} isn’t working</h3>
            <p>{reason ?? 'Nobody told me where my apps are. The operator of this platform can.'}</p>
            {!me.viewer && (
              <button
                type="button"
                className="button"
                onClick={() => open({ part: 'files', target: { path: `apps/${app.name}` } })}
              >
                Open its folder
              </button>
            )}
          </div>
        ) : (
          <AppFrame key={loads} app={app} origin={app.url} onAgain={() => setLoads((so) => so + 1)} />
        )}
      </div>
      {menu && <Menu menu={menu} onClose={() => setMenu(null)} />}
      {sheet && <Sheets open={sheet} onClose={closeSheet} />}
      <ToastBar toast={toast} onEnd={endToast} />
    </div>
  )
}

interface AbsentProps {
  name: string
  isKnown: boolean
  close: () => void
  open: PartProps['open']
}

function Absent({ name, isKnown, close, open }: AbsentProps) {
  const failure = useStore(appsFailure)
  if (!isKnown && failure === null) return <p className="opening">Opening {name}</p>
  return (
    <div className="apps-none" role="alert">
      <p>{isKnown ? `There is no app called ${name} any more.` : failure}</p>
      <div className="actions">
        {isKnown ? (
          <button
            type="button"
            className="button"
            onClick={() => {
              close()
              open({ part: 'apps' })
            }}
          >
            Show all apps
          </button>
        ) : (
          <button type="button" className="button" onClick={() => void refreshApps()}>
            Try again
          </button>
        )}
      </div>
    </div>
  )
}
