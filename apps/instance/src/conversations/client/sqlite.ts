/**
 * What `indexeddbshim` needs of `better-sqlite3`, by the SQLite that is a part of Node: the bundle takes this in its place, so
 * that no binary goes along.
 */
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'

export default class Database {
  readonly #database: DatabaseSync

  constructor(path: string) {
    this.#database = new DatabaseSync(path, { timeout: 5_000 })
  }

  prepare(sql: string) {
    const statement = this.#database.prepare(sql)
    return {
      reader: statement.columns().length > 0,
      all: (...values: SQLInputValue[]) => statement.all(...values),
      run: (...values: SQLInputValue[]) => statement.run(...values),
    }
  }

  pragma(words: string): void {
    this.#database.exec(`PRAGMA ${words}`)
  }

  close(): void {
    this.#database.close()
  }
}
