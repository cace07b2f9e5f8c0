/** One field for everything: open a part, go to a window, change the look, find a file. */
import { Command } from 'cmdk'
import { useEffectEvent, useLayoutEffect, useRef, useState } from 'react'
import { showName } from '../../parts/files/model/show-name.ts'
import { dotIcon } from '../../ui/dot-matrix.tsx'
import { useMedia } from '../../ui/use-media.ts'
import { openPart } from '../desk.ts'
import { PHONE } from '../phone.ts'
import { bestOf, commandGroups, type Command as Entry, fit } from './commands.ts'
import { type FoundFile, useFoundFiles } from './files.ts'
import type { PaletteProps } from './load.ts'

export default function Palette({ me, held, close }: PaletteProps) {
  const field = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState(held.typed)
  const [groups] = useState(() => commandGroups(me, matchMedia(PHONE).matches))
  const { files, isSearching } = useFoundFiles(me, typed)
  const isSheet = useMedia(PHONE)
  const run = (entry: Entry) => () => {
    close()
    entry.run()
  }
  const begin = useEffectEvent(() => {
    field.current?.focus()
    const best = held.isEntered ? bestOf(groups, held.typed) : null
    if (best) run(best)()
  })
  // Before the next key: the field that took the last one is gone.
  useLayoutEffect(() => begin(), [])
  return (
    <>
      <Command
        label="Find or do anything"
        loop
        filter={(value, search, keywords) =>
          value.startsWith(FILE) ? FOUND : fit(search, keywords?.[0] ?? '', keywords?.[1])
        }
      >
        <Command.Input
          ref={field}
          value={typed}
          onValueChange={setTyped}
          placeholder={me.viewer ? 'Type what you are looking for' : 'Type a command or the name of a file'}
        />
        <Command.List>
          <Command.Empty>
            {isSearching ? 'Searching your files…' : 'Nothing here is called that.'}
          </Command.Empty>
          {groups.map(({ heading, commands }) => (
            <Command.Group key={heading} heading={heading}>
              {commands.map((entry) => (
                <Command.Item
                  key={entry.id}
                  value={entry.id}
                  keywords={[entry.title, entry.words ?? '']}
                  onSelect={run(entry)}
                >
                  <span className="entry-icon">{entry.Icon && <entry.Icon />}</span>
                  {entry.title}
                </Command.Item>
              ))}
            </Command.Group>
          ))}
          {files.length > 0 && <Files files={files} run={run} />}
        </Command.List>
      </Command>
      {!isSheet && (
        <p className="palette-keys" aria-hidden="true">
          <kbd>↑</kbd> <kbd>↓</kbd> choose <kbd>Enter</kbd> do <kbd>Esc</kbd> close
        </p>
      )}
    </>
  )
}

interface FilesProps {
  files: readonly FoundFile[]
  run: (entry: Entry) => () => void
}

const FILE = 'file '
/** The computer chose them: what is typed only puts them below every command that it fits. */
const FOUND = 0.1

const Files = ({ files, run }: FilesProps) => (
  <Command.Group heading="Files">
    {files.map(({ path, isFolder }) => {
      const target = isFolder ? { path } : { path: parentOf(path), selected: nameOf(path) }
      const show = { id: path, title: path, run: () => openPart({ part: 'files', target }) }
      return (
        <Command.Item key={path} value={FILE + path} onSelect={run(show)}>
          <span className="entry-icon">{isFolder ? <FolderIcon /> : <FileIcon />}</span>
          {showName(path)}
        </Command.Item>
      )
    })}
  </Command.Group>
)

const FolderIcon = dotIcon('##...', '#####', '#...#', '#...#', '#####')
const FileIcon = dotIcon('####.', '#..##', '#...#', '#...#', '#####')

const nameOf = (path: string): string => path.split('/').at(-1) ?? path
const parentOf = (path: string): string => path.split('/').slice(0, -1).join('/')
