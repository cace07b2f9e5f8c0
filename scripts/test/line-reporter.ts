/** A vitest reporter that prints one line for each test, and under a failed one why it failed. */
import type { Reporter, TestCase, TestModule } from 'vitest/node'

const MARKS = { passed: '✓', failed: '✗', skipped: '–', pending: '…' } as const

const indented = (text: string) => text.replaceAll(/^/gm, '    ')

export const lineOf = (name: string, state: keyof typeof MARKS, errors: readonly string[]): string =>
  [`${MARKS[state]} ${name}`, ...errors.map(indented)].join('\n')

/** Without the suite that needs the parts: it is the same for all. */
function nameOf(test: TestCase): string {
  const [, ...suites] = test.fullName.split(' > ')
  return suites.length > 0 ? suites.join(' > ') : test.name
}

export default class LineReporter implements Reporter {
  onTestCaseResult(test: TestCase): void {
    const { state, errors = [] } = test.result()
    const texts = errors.map(({ message, stack }) => stack ?? message)
    console.log(lineOf(nameOf(test), state, texts))
  }

  /** What failed outside of any test: a file that does not load, a set-up that throws. */
  onTestModuleEnd(module: TestModule): void {
    const suites = [...module.children.allSuites()]
    for (const { message, stack } of [module, ...suites].flatMap((each) => each.errors()))
      console.log(indented(stack ?? message))
  }
}
