/**
 * CodeMirror in a shadow tree: there it uses constructed style sheets, which the page's policy allows, where elsewhere it
 * would put a <style> into the page, which the policy forbids.
 */
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import {
  bracketMatching,
  defaultHighlightStyle,
  foldGutter,
  foldKeymap,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from '@codemirror/language'
import { highlightSelectionMatches, openSearchPanel, search, searchKeymap } from '@codemirror/search'
import { Compartment, EditorSelection, EditorState, type Extension } from '@codemirror/state'
import {
  drawSelection,
  dropCursor,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  rectangularSelection,
} from '@codemirror/view'
import { languageOf } from './languages.ts'
import type { TextPlace } from './target.ts'
import { highlighting, theme } from './theme.ts'

export interface CodeEditor {
  text(): string
  /** One step that can be undone; what stays the same keeps its place. */
  replace(text: string): void
  setWrapping(isOn: boolean): void
  /** As near as there is text; without a line, nowhere. */
  goTo(place: Partial<TextPlace>): void
  /** `null` while it is not to be seen. */
  place(): TextPlace | null
  find(): void
  focus(): void
  end(): void
}

export interface CodeEditorOptions {
  parent: HTMLElement
  name: string
  text: string
  lineBreak: '\n' | '\r\n'
  isReadOnly: boolean
  isWrapping: boolean
  label: string
  onEdit: () => void
  onSave: () => void
  onCursor: (at: { line: number; column: number }) => void
  /** Another place is to be seen, or has the caret. */
  onMove: () => void
}

/** Its own shadow root, made once for each element. */
export const shadowOf = (parent: HTMLElement): ShadowRoot =>
  parent.shadowRoot ?? parent.attachShadow({ mode: 'open', delegatesFocus: true })

/** What every view of a text has, the comparison as well. */
export const look = (isWrapping: boolean): Extension => [
  lineNumbers(),
  highlightSpecialChars(),
  drawSelection(),
  syntaxHighlighting(highlighting),
  syntaxHighlighting(defaultHighlightStyle, { fallback: true }),
  theme,
  isWrapping ? EditorView.lineWrapping : [],
]

/** Highlighting comes once it is loaded; without it, the text is there all the same. */
export async function addLanguage(view: EditorView, slot: Compartment, name: string): Promise<void> {
  const language = languageOf(name)
  if (!language) return
  const support = await language.load().catch(() => null)
  if (support) view.dispatch({ effects: slot.reconfigure(support) })
}

const editing = (): Extension => [
  history(),
  foldGutter(),
  dropCursor(),
  indentOnInput(),
  indentUnit.of('  '),
  bracketMatching(),
  rectangularSelection(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  highlightSelectionMatches(),
  search({ top: true }),
  EditorState.allowMultipleSelections.of(true),
]

export function openEditor(options: CodeEditorOptions): CodeEditor {
  const { parent, name, text, lineBreak, isReadOnly, isWrapping, label } = options
  const { onEdit, onSave, onCursor, onMove } = options
  const [language, wrapping] = [new Compartment(), new Compartment()]
  const root = shadowOf(parent)
  const save = () => {
    onSave()
    return true
  }
  const view = new EditorView({
    parent: root,
    root,
    state: EditorState.create({
      doc: text,
      extensions: [
        EditorState.lineSeparator.of(lineBreak),
        EditorState.readOnly.of(isReadOnly),
        // `Mod-s` first, before anything that a language brings.
        keymap.of([{ key: 'Mod-s', run: save, preventDefault: true }]),
        keymap.of([...searchKeymap, ...historyKeymap, ...foldKeymap, ...defaultKeymap, indentWithTab]),
        look(false),
        editing(),
        language.of([]),
        wrapping.of(isWrapping ? EditorView.lineWrapping : []),
        EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false' }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !isReadOnly) onEdit()
          if (update.docChanged || update.selectionSet) tellCursor()
        }),
      ],
    }),
  })
  const tellCursor = () => {
    onCursor(caretOf(view.state))
    onMove()
  }
  view.scrollDOM.addEventListener('scroll', onMove, { passive: true })
  void addLanguage(view, language, name)

  return {
    text: () => view.state.sliceDoc(),
    replace: (next) => view.dispatch({ changes: differenceOf(view.state, next), userEvent: 'input.replace' }),
    setWrapping: (isOn) =>
      view.dispatch({ effects: wrapping.reconfigure(isOn ? EditorView.lineWrapping : []) }),
    ...placesIn(view),
    find: () => void openSearchPanel(view),
    focus: () => view.focus(),
    end: () => view.destroy(),
  }
}

function caretOf(state: EditorState): { line: number; column: number } {
  const { head } = state.selection.main
  const line = state.doc.lineAt(head)
  return { line: line.number, column: head - line.from + 1 }
}

const lineNear = ({ doc }: EditorState, line: number) =>
  doc.line(Math.min(Math.max(1, Math.round(line)), doc.lines))

const placesIn = (view: EditorView): Pick<CodeEditor, 'goTo' | 'place'> => ({
  goTo({ line, column = 1, top }) {
    if (line === undefined) return
    const { from, length } = lineNear(view.state, line)
    const effects =
      top === undefined
        ? EditorView.scrollIntoView(from, { y: 'center' })
        : EditorView.scrollIntoView(lineNear(view.state, top).from, { y: 'start', yMargin: 0 })
    const caret = from + Math.min(Math.max(0, Math.round(column) - 1), length)
    view.dispatch({ selection: EditorSelection.cursor(caret), effects })
  },
  place() {
    if (view.scrollDOM.clientHeight === 0) return null
    // A line of which only the last pixels are to be seen does not count.
    const { from } = view.lineBlockAtHeight(view.scrollDOM.scrollTop - view.documentPadding.top + 2)
    return { ...caretOf(view.state), top: view.state.doc.lineAt(from).number }
  },
})

/** The one stretch in which two texts differ: the caret and the folds around it stay where they are. */
function differenceOf(state: EditorState, next: string) {
  const [from, to] = [state.doc, state.toText(next)]
  const [a, b] = [from.toString(), to.toString()]
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let tail = 0
  while (tail < a.length - start && tail < b.length - start && a.at(-1 - tail) === b.at(-1 - tail)) tail++
  return { from: start, to: a.length - tail, insert: to.slice(start, b.length - tail) }
}
