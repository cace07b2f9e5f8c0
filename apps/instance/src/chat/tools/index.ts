/** The tools that the AI of this computer has. */
import type { ChatSetting } from '../host-protocol.ts'
import { appTool } from './app.ts'
import { type AskAiToolOptions, askAiTool } from './ask-ai.ts'
import { fileTools } from './files.ts'
import { createLocate } from './paths.ts'
import { type PostToolOptions, postTool } from './post.ts'
import { rememberTool } from './remember.ts'
import { runTool } from './run.ts'
import type { Place, Tool } from './tool.ts'

export interface ToolsOptions extends Place, Pick<ChatSetting, 'shell' | 'environment' | 'denylist'> {
  appAddress: (name: string) => string | null
  /** Tells the feed; `null`: there is no platform. */
  post: PostToolOptions['post'] | null
  /** Asks another's AI; `null`: there is no platform. */
  askOther: AskAiToolOptions['askOther'] | null
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
  post,
  askOther,
  onDenied,
}: ToolsOptions): Promise<Tool[]> {
  const locate = await createLocate(root)
  const place = { tree, root }
  // Whatever the platform makes of it, the app is there.
  const onBuilt = ({ name: app, title }: { name: string; title: string }) =>
    void post?.({ kind: 'app_built', app, title, text: '', visibility: 'followers' }).catch(() => undefined)
  return [
    ...fileTools(place, locate),
    appTool({ ...place, appAddress, onBuilt }),
    rememberTool(place),
    ...(post ? [postTool({ post })] : []),
    ...(askOther ? [askAiTool({ askOther })] : []),
    ...(shell === null ? [] : [runTool({ ...place, locate, shell, environment, denylist, onDenied })]),
  ]
}
