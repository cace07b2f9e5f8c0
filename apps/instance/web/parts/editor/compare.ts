/** Theirs and mine side by side, or one below the other where it is narrow; mine can be changed. Loaded when needed. */
import { history, historyKeymap, standardKeymap } from '@codemirror/commands'
import { MergeView, unifiedMergeView } from '@codemirror/merge'
import { Compartment, EditorState, type Extension } from '@codemirror/state'
import { EditorView, keymap } from '@codemirror/view'
import { addLanguage, look, shadowOf } from './code-mirror.ts'

export interface Comparison {
  end(): void
}

export interface ComparisonOptions {
  parent: HTMLElement
  name: string
  theirs: string
  mine: string
  lineBreak: '\n' | '\r\n'
  isNarrow: boolean
  /** Mine was changed: what is typed here is typed for good. */
  onMine: (text: string) => void
}

const CONTEXT = { margin: 3, minSize: 6 }

/** In place of `Accept` and `Reject`, which say nothing about whose text stays. */
function choice(type: 'accept' | 'reject', act: (event: MouseEvent) => void): HTMLElement {
  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = type === 'accept' ? 'Keep mine' : 'Take theirs'
  button.onclick = act
  return button
}

export function compare({
  parent,
  name,
  theirs,
  mine,
  lineBreak,
  isNarrow,
  onMine,
}: ComparisonOptions): Comparison {
  const root = shadowOf(parent)
  const languages = [new Compartment(), new Compartment()] as const
  const common = (label: string, language: Compartment): Extension => [
    EditorState.lineSeparator.of(lineBreak),
    look(true),
    language.of([]),
    EditorView.contentAttributes.of({ 'aria-label': label }),
  ]
  const forMine: Extension = [
    common('Mine', languages[1]),
    history(),
    EditorView.updateListener.of(({ docChanged, state }) => docChanged && onMine(state.sliceDoc())),
    keymap.of([...historyKeymap, ...standardKeymap]),
  ]
  if (isNarrow) {
    const view = new EditorView({
      ...{ parent: root, root, doc: mine },
      extensions: [
        forMine,
        unifiedMergeView({ original: theirs, collapseUnchanged: CONTEXT, mergeControls: choice }),
      ],
    })
    void addLanguage(view, languages[1], name)
    return { end: () => view.destroy() }
  }
  const view = new MergeView({
    ...{ parent: root, root, collapseUnchanged: CONTEXT, revertControls: 'a-to-b' },
    a: {
      doc: theirs,
      extensions: [
        common('Theirs', languages[0]),
        EditorState.readOnly.of(true),
        EditorView.editable.of(false),
      ],
    },
    b: { doc: mine, extensions: forMine },
  })
  void addLanguage(view.a, languages[0], name)
  void addLanguage(view.b, languages[1], name)
  return { end: () => view.destroy() }
}
