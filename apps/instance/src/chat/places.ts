/** Where the chat is reached, and what it keeps in the home. */

export const CHAT_PATH = '/ws/chat'
/** Below the home: a file for each conversation, and a folder for its pictures and earlier versions of files. */
export const CHATS_FOLDER = 'chats'
/** What its AI was asked to remember. */
export const MEMORY_FILE = 'system/memory.md'
/** What its owner chose. */
export const CHAT_FILE = 'system/chat.json'
/** What somebody said to their computer is nobody else's. */
export const CHAT_FILES = [CHATS_FOLDER, MEMORY_FILE, CHAT_FILE]
