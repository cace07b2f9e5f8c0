/** Shows the console: the log, the prompt, history with the arrows, names with Tab, and Ctrl+C for a fresh line. */
import type { ConsoleEvent } from '../src/protocol.ts'
import { createHistory } from './console-history.ts'
import { createLineQueue, type LineQueueOptions } from './console-queue.ts'
import { find, make } from './dom.ts'
import { createTabKey } from './tab-key.ts'

export interface ConsoleView {
  /** Where the session is, to come back to after a broken connection. */
  readonly folder: string
  receive(event: ConsoleEvent): void
  connectionLost(): void
}

const LINES_KEPT = 400

export function showConsole({ send, onNeed }: LineQueueOptions): ConsoleView {
  const scroll = find('console-scroll', HTMLElement)
  const log = find('console-log', HTMLElement)
  const form = find('console-form', HTMLFormElement)
  const input = find('console-input', HTMLInputElement)
  const [cwd, where] = [find('console-cwd', HTMLElement), find('console-where', HTMLElement)]
  let folder = '~'
  let greeted = false
  const queue = createLineQueue({ send, onNeed })
  const history = createHistory()
  const tab = createTabKey()

  const print = (...nodes: HTMLElement[]) => {
    log.append(...nodes)
    while (log.childElementCount > LINES_KEPT) log.firstElementChild?.remove()
    scroll.scrollTop = scroll.scrollHeight
  }
  const moveTo = (next: string) => {
    folder = next
    cwd.textContent = next
    where.textContent = next
  }
  const echo = (line: string) => {
    const words = [make('b', { text: folder }), make('i', { text: ' › ' }), make('span', { text: line })]
    print(make('p', { class: 'typed' }, ...words))
  }
  const run = (line: string) => {
    echo(line)
    if (line.trim() === '') return
    history.add(line.trim())
    queue.add(line)
  }

  /** Takes the line back, and what waits to be sent; what runs already goes on. */
  const cancel = () => {
    echo(`${input.value}^C`)
    input.value = ''
    queue.clear()
    history.leave()
  }
  const hasSelection = () =>
    input.selectionStart !== input.selectionEnd || getSelection()?.isCollapsed === false

  /** Whether the key meant something here; otherwise the browser does what it always does. */
  const onKey = (key: string): boolean => {
    if (key === 'Escape') tab.escape()
    else if (key !== 'Tab') tab.other()
    if (key === 'Tab') {
      const line = input.value.slice(0, input.selectionStart ?? undefined)
      const todo = tab.press(line)
      if (todo === 'ask' && !send({ type: 'complete', line })) {
        tab.forget()
        return false
      }
      return todo !== 'leave'
    }
    if (key !== 'ArrowUp' && key !== 'ArrowDown') return false
    input.value = history.step(key === 'ArrowUp' ? -1 : 1)
    input.setSelectionRange(input.value.length, input.value.length)
    return true
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    run(input.value)
    input.value = ''
  })
  input.addEventListener('keydown', (event) => {
    const control = event.ctrlKey && !event.altKey && !event.metaKey && !event.shiftKey ? event.key : null
    if (control === 'l') log.replaceChildren()
    else if (control === 'c' && !hasSelection()) cancel()
    else if (event.shiftKey || event.ctrlKey || event.altKey || event.metaKey || !onKey(event.key)) return
    event.preventDefault()
  })
  scroll.addEventListener('click', () => {
    if (getSelection()?.isCollapsed) input.focus({ preventScroll: true })
  })
  find('console-keys', HTMLElement).addEventListener('click', ({ target }) => {
    if (!(target instanceof HTMLButtonElement)) return
    if (target.dataset.run) run(target.dataset.run)
    if (target.dataset.key) onKey(target.dataset.key)
    input.focus({ preventScroll: true })
  })

  const complete = (event: Extract<ConsoleEvent, { type: 'completions' }>) => {
    tab.answered(event.line, event.completed !== event.line)
    // Typed on in the meantime: the answer is to another question.
    if (!input.value.startsWith(event.line)) return
    const rest = input.value.slice(event.line.length)
    input.value = event.completed + rest
    input.setSelectionRange(event.completed.length, event.completed.length)
    if (event.options.length > 1 && event.completed === event.line) {
      print(make('p', { class: 'options', text: event.options.join('   ') }))
    }
  }

  return {
    get folder() {
      return folder
    },
    receive(event) {
      if (event.type === 'welcome') {
        // What waits for this connection was typed here already.
        history.replace([...event.history, ...queue.waiting().map((line) => line.trim())])
        moveTo(event.cwd)
        if (!greeted)
          print(
            make('p', {
              class: 'hello',
              text: event.isReadOnly
                ? `This is ${event.handle}’s home. Look around: type help to see what I understand.`
                : `Welcome, ${event.handle}. This is your home. Type help to see what I understand.`,
            }),
          )
        greeted = true
        queue.sendNext()
      } else if (event.type === 'result') {
        queue.ended()
        if (event.clear) log.replaceChildren()
        if (event.text !== '') print(make('pre', { text: event.text, class: event.failed ? 'failed' : '' }))
        moveTo(event.cwd)
        queue.sendNext()
      } else if (event.type === 'completions') complete(event)
    },
    connectionLost() {
      if (queue.isRunning())
        print(make('pre', { class: 'failed', text: 'I lost the connection before I could answer.' }))
      queue.ended()
      tab.forget()
    },
  }
}
