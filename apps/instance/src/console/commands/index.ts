/** Every command of the console, by name, in the order in which `help` shows them. */
import type { Command } from '../command.ts'
import { columns } from '../format.ts'
import { clear, date, df, du, history, whoami } from './about.ts'
import { ask } from './ask.ts'
import { cp, echo, mkdir, mv, rm, touch, write } from './change.ts'
import { cat, cd, ls, pwd, tree } from './look.ts'

const help: Command = {
  usage: 'help',
  about: 'show this list',
  run: () => ({
    text: `${columns([...COMMANDS.values()].map(({ usage, about }) => [usage, about]))}\n\nTab completes names, ↑ recalls earlier commands.`,
  }),
}

export const COMMANDS: ReadonlyMap<string, Command> = new Map(
  Object.entries({
    help,
    ls,
    cat,
    cd,
    pwd,
    tree,
    mkdir,
    touch,
    write,
    echo,
    mv,
    cp,
    rm,
    ask,
    df,
    du,
    date,
    whoami,
    history,
    clear,
  }),
)
