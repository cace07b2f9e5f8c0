/** The tools that the AI of this computer has. */
import type { ChatSetting } from '../host-protocol.ts'
import { appTool } from './app.ts'
import { fileTools } from './files.ts'
import { createLocate } from './paths.ts'
import { rememberTool } from './remember.ts'
import { runTool } from './run.ts'
import type { Place, Tool } from './tool.ts'

export interface ToolsOptions extends Place, Pick<ChatSetting, 'shell' | 'environment' | 'denylist'> {
  appAddress: (name: string) => string | null
  /** It wanted to run a program that the platform does not want. */
  onDenied: (program: string) => void
}

export async function createTools({
  tree,
  root,
  shell,
  environment,
  denylist,
  appAddress,
  onDenied,
}: ToolsOptions): Promise<Tool[]> {
  const locate = await createLocate(root)
  const place = { tree, root }
  return [
    ...fileTools(place, locate),
    appTool({ ...place, appAddress }),
    rememberTool(place),
    ...(shell === null ? [] : [runTool({ ...place, locate, shell, environment, denylist, onDenied })]),
  ]
}
