/** Which language a file is written in, by its name, and its highlighting, loaded when it is first needed. */
import { type LanguageSupport, StreamLanguage, type StreamParser } from '@codemirror/language'
import { endingOf } from '../files/model/path.ts'

type Load = () => Promise<LanguageSupport | StreamLanguage<unknown>>

interface Language {
  name: string
  /** Endings, and whole names where a file has none. */
  files: readonly string[]
  load: Load
}

const legacy =
  (load: () => Promise<StreamParser<unknown>>): Load =>
  async () =>
    StreamLanguage.define(await load())

const script = (
  files: readonly string[],
  name: string,
  options: { jsx?: boolean; typescript?: boolean },
): Language => ({
  ...{ name, files },
  load: async () => (await import('@codemirror/lang-javascript')).javascript(options),
})
const clike = (name: string, ending: string, pick: 'csharp' | 'kotlin' | 'scala' | 'dart'): Language => ({
  ...{ name, files: [ending] },
  load: legacy(async () => (await import('@codemirror/legacy-modes/mode/clike'))[pick]),
})

const LANGUAGES: readonly Language[] = [
  script(['js', 'mjs', 'cjs'], 'JavaScript', {}),
  script(['jsx'], 'JavaScript', { jsx: true }),
  script(['ts', 'mts', 'cts'], 'TypeScript', { typescript: true }),
  script(['tsx'], 'TypeScript', { jsx: true, typescript: true }),
  {
    ...{ name: 'JSON', files: ['json', 'jsonc', 'ipynb', 'webmanifest', 'map'] },
    load: async () => (await import('@codemirror/lang-json')).json(),
  },
  {
    ...{ name: 'HTML', files: ['html', 'htm', 'vue', 'svelte'] },
    load: async () => (await import('@codemirror/lang-html')).html(),
  },
  {
    ...{ name: 'CSS', files: ['css', 'scss', 'less'] },
    load: async () => (await import('@codemirror/lang-css')).css(),
  },
  {
    ...{ name: 'Markdown', files: ['md', 'markdown', 'mdx'] },
    load: async () => (await import('@codemirror/lang-markdown')).markdown(),
  },
  {
    ...{ name: 'Python', files: ['py', 'pyi', 'pyw'] },
    load: async () => (await import('@codemirror/lang-python')).python(),
  },
  {
    ...{ name: 'YAML', files: ['yaml', 'yml'] },
    load: async () => (await import('@codemirror/lang-yaml')).yaml(),
  },
  {
    ...{ name: 'XML', files: ['xml', 'svg', 'xsl', 'plist', 'rss', 'atom'] },
    load: async () => (await import('@codemirror/lang-xml')).xml(),
  },
  { ...{ name: 'SQL', files: ['sql'] }, load: async () => (await import('@codemirror/lang-sql')).sql() },
  { ...{ name: 'Rust', files: ['rs'] }, load: async () => (await import('@codemirror/lang-rust')).rust() },
  {
    ...{ name: 'C++', files: ['c', 'h', 'cc', 'cpp', 'cxx', 'hh', 'hpp', 'ino'] },
    load: async () => (await import('@codemirror/lang-cpp')).cpp(),
  },
  { ...{ name: 'Go', files: ['go'] }, load: async () => (await import('@codemirror/lang-go')).go() },
  { ...{ name: 'Java', files: ['java'] }, load: async () => (await import('@codemirror/lang-java')).java() },
  { ...{ name: 'PHP', files: ['php'] }, load: async () => (await import('@codemirror/lang-php')).php() },
  clike('C#', 'cs', 'csharp'),
  clike('Kotlin', 'kt', 'kotlin'),
  clike('Scala', 'scala', 'scala'),
  clike('Dart', 'dart', 'dart'),
  {
    name: 'Shell',
    files: ['sh', 'bash', 'zsh', '.bashrc', '.profile', '.bash_profile', '.zshrc', '.bash_aliases'],
    load: legacy(async () => (await import('@codemirror/legacy-modes/mode/shell')).shell),
  },
  {
    ...{ name: 'Dockerfile', files: ['dockerfile', 'Dockerfile', 'Containerfile'] },
    load: legacy(async () => (await import('@codemirror/legacy-modes/mode/dockerfile')).dockerFile),
  },
  {
    ...{ name: 'TOML', files: ['toml'] },
    load: legacy(async () => (await import('@codemirror/legacy-modes/mode/toml')).toml),
  },
  {
    name: 'Settings',
    files: [
      'ini',
      'conf',
      'cfg',
      'properties',
      'env',
      '.env',
      '.npmrc',
      '.gitconfig',
      '.editorconfig',
      'service',
    ],
    load: legacy(async () => (await import('@codemirror/legacy-modes/mode/properties')).properties),
  },
  {
    ...{ name: 'Ruby', files: ['rb', 'Gemfile', 'Rakefile'] },
    load: legacy(async () => (await import('@codemirror/legacy-modes/mode/ruby')).ruby),
  },
  {
    ...{ name: 'Lua', files: ['lua'] },
    load: legacy(async () => (await import('@codemirror/legacy-modes/mode/lua')).lua),
  },
  {
    ...{ name: 'Perl', files: ['pl', 'pm'] },
    load: legacy(async () => (await import('@codemirror/legacy-modes/mode/perl')).perl),
  },
  {
    ...{ name: 'Swift', files: ['swift'] },
    load: legacy(async () => (await import('@codemirror/legacy-modes/mode/swift')).swift),
  },
  {
    ...{ name: 'R', files: ['r'] },
    load: legacy(async () => (await import('@codemirror/legacy-modes/mode/r')).r),
  },
  {
    ...{ name: 'Changes', files: ['diff', 'patch'] },
    load: legacy(async () => (await import('@codemirror/legacy-modes/mode/diff')).diff),
  },
]

/** `null`: plain text. */
export function languageOf(name: string): Pick<Language, 'name' | 'load'> | null {
  const ending = endingOf(name)
  return (
    LANGUAGES.find(({ files }) => files.includes(name) || (ending !== '' && files.includes(ending))) ?? null
  )
}
