/** The editor's look, from the page's own colours, which reach into its shadow tree as custom properties. */
import { HighlightStyle } from '@codemirror/language'
import { EditorView } from '@codemirror/view'
import { tags as t } from '@lezer/highlight'

export const theme = EditorView.theme({
  '&': { height: '100%', backgroundColor: 'transparent', color: 'var(--ink)', fontSize: '0.875rem' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.6', scrollbarColor: 'var(--line) transparent' },
  '.cm-content': { padding: '0.6rem 0', caretColor: 'var(--accent)' },
  '.cm-line': { padding: '0 1rem 0 0.6rem' },
  '.cm-gutters': {
    backgroundColor: 'transparent',
    border: '0',
    color: 'var(--muted)',
    paddingLeft: '0.4rem',
  },
  '.cm-lineNumbers .cm-gutterElement': {
    padding: '0 0.5rem 0 0.3rem',
    minWidth: '2.2rem',
    fontSize: '0.92em',
  },
  '.cm-activeLine': { backgroundColor: 'color-mix(in oklch, var(--ink) 4%, transparent)' },
  '.cm-activeLineGutter': { backgroundColor: 'transparent', color: 'var(--ink)' },
  '.cm-cursor': { borderLeft: '2px solid var(--accent)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in oklch, var(--accent) 26%, transparent)',
  },
  '.cm-selectionMatch': { backgroundColor: 'color-mix(in oklch, var(--accent) 14%, transparent)' },
  '.cm-searchMatch': {
    backgroundColor: 'color-mix(in oklch, var(--warn) 24%, transparent)',
    borderRadius: '2px',
  },
  '.cm-searchMatch.cm-searchMatch-selected': {
    backgroundColor: 'color-mix(in oklch, var(--warn) 55%, transparent)',
  },
  '&.cm-focused .cm-matchingBracket': {
    backgroundColor: 'transparent',
    outline: '1px solid var(--line-strong)',
    borderRadius: '2px',
  },
  '.cm-foldPlaceholder': {
    border: '0',
    backgroundColor: 'var(--accent-soft)',
    color: 'var(--accent)',
    padding: '0 0.4em',
  },
  '.cm-specialChar': { color: 'var(--danger)' },
  '.cm-panels': { backgroundColor: 'var(--surface)', color: 'var(--ink)' },
  '.cm-panels.cm-panels-top': { borderBottom: '1px solid var(--line)' },
  '.cm-panel.cm-search': {
    display: 'flex',
    flexWrap: 'wrap',
    gap: '0.4rem',
    alignItems: 'center',
    padding: '0.55rem 3rem 0.55rem 0.8rem',
    fontFamily: 'var(--sans)',
  },
  '.cm-panel.cm-search br': { flexBasis: '100%', height: '0', content: '""' },
  '.cm-panel.cm-search label': {
    display: 'inline-flex',
    alignItems: 'center',
    gap: '0.3rem',
    fontSize: '0.82rem',
    color: 'var(--muted)',
    margin: '0 0.3rem 0 0',
  },
  '.cm-panel.cm-search input[type=checkbox]': { accentColor: 'var(--accent)', margin: '0' },
  '.cm-textfield': {
    minHeight: '2rem',
    minWidth: '10rem',
    padding: '0 0.6rem',
    border: '1px solid var(--line-strong)',
    borderRadius: '0.55rem',
    backgroundColor: 'var(--paper)',
    color: 'var(--ink)',
    fontSize: '0.86rem',
    margin: '0',
  },
  '.cm-textfield:focus-visible': { outline: '2px solid var(--accent)', outlineOffset: '1px' },
  '.cm-button': {
    minHeight: '2rem',
    padding: '0 0.7rem',
    border: '1px solid var(--line)',
    borderRadius: '0.55rem',
    background: 'var(--surface)',
    color: 'var(--ink)',
    fontSize: '0.82rem',
    textTransform: 'capitalize',
    margin: '0',
    cursor: 'pointer',
  },
  '.cm-button:hover': { borderColor: 'var(--accent)' },
  '.cm-panel.cm-search [name=close]': {
    top: '0.5rem',
    right: '0.5rem',
    width: '2.2rem',
    height: '2.2rem',
    color: 'var(--muted)',
    fontSize: '1.25rem',
    cursor: 'pointer',
  },
  '@media (pointer: coarse)': {
    '.cm-button, .cm-textfield, .cm-panel.cm-search [name=close]': {
      minHeight: '2.75rem',
      minWidth: '2.75rem',
    },
    // Smaller letters make a phone zoom into the field.
    '.cm-textfield': { fontSize: '1rem' },
  },
  '.cm-deletedChunk, .cm-changedLine': {
    backgroundColor: 'color-mix(in oklch, var(--warn) 10%, transparent)',
  },
  '&.cm-merge-a .cm-changedLine': { backgroundColor: 'color-mix(in oklch, var(--danger) 9%, transparent)' },
  '&.cm-merge-a .cm-changedText': { background: 'color-mix(in oklch, var(--danger) 26%, transparent)' },
  '&.cm-merge-b .cm-changedLine': { backgroundColor: 'color-mix(in oklch, var(--lit) 10%, transparent)' },
  '&.cm-merge-b .cm-changedText': { background: 'color-mix(in oklch, var(--lit) 28%, transparent)' },
  '.cm-collapsedLines': {
    background: 'var(--accent-soft)',
    color: 'var(--muted)',
    padding: '0.35rem 0.8rem',
    fontFamily: 'var(--sans)',
  },
})

/** Seven colours: enough to find one's way, readable on paper in both themes. */
export const highlighting = HighlightStyle.define([
  { tag: [t.keyword, t.operatorKeyword, t.modifier, t.controlKeyword], color: 'var(--code-keyword)' },
  { tag: [t.string, t.special(t.string), t.regexp, t.character], color: 'var(--code-string)' },
  { tag: [t.number, t.bool, t.null, t.atom, t.unit, t.color], color: 'var(--code-number)' },
  { tag: [t.comment, t.meta, t.processingInstruction], color: 'var(--muted)', fontStyle: 'italic' },
  {
    tag: [t.function(t.variableName), t.function(t.propertyName), t.function(t.definition(t.variableName))],
    color: 'var(--code-function)',
  },
  { tag: [t.typeName, t.className, t.namespace, t.tagName, t.standard(t.name)], color: 'var(--code-type)' },
  {
    tag: [t.propertyName, t.attributeName, t.labelName, t.definition(t.propertyName)],
    color: 'var(--code-name)',
  },
  { tag: t.heading, color: 'var(--accent)', fontWeight: '650' },
  { tag: t.strong, fontWeight: '650' },
  { tag: t.emphasis, fontStyle: 'italic' },
  { tag: t.strikethrough, textDecoration: 'line-through' },
  { tag: [t.link, t.url], color: 'var(--code-string)', textDecoration: 'underline' },
  { tag: t.monospace, color: 'var(--code-number)' },
  { tag: t.inserted, color: 'var(--lit)' },
  { tag: [t.deleted, t.invalid], color: 'var(--danger)' },
])
