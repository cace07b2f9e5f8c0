import { expect, it } from 'vitest'
import { lockAccounts } from './sql/accounts.ts'
import { newCall, progress, stranger } from './testing/people.ts'
import { transactionOf } from './transaction.ts'

it('locks accounts before anything of theirs, and reports of progress lock calls after all of that', () => {
  const [ana, ben] = [stranger(), stranger()]
  const operations = [progress('one'), ana.hold(1n), progress('two'), ben.release(newCall()), ana.hold(1n)]
  const { statements, answers } = transactionOf(operations)
  const [, lock, ...rest] = statements
  expect(lock).toEqual(lockAccounts([ana.userId, ben.userId]))
  expect(rest.map(({ params }) => params[0])).toEqual([
    ...[operations[1], operations[3], operations[4]].map(
      (operation) => operation && 'id' in operation && operation.id,
    ),
    ...['one', 'two'],
  ])
  expect(() => answers([])).toThrow('A locked account gave no answer.')
})

it('needs no lock for progress alone', () => {
  expect(transactionOf([progress('one')]).statements).toHaveLength(1)
})
