/** The picture that stands for a person: a file of theirs, or the glyph of their handle. */
import { ImageUp } from 'lucide-react'
import { useRef, useState } from 'react'
import { toast } from 'sonner'
import { putAvatar } from '../../lib/avatar-link.ts'
import { PictureError } from '../../lib/picture.ts'
import { trpc } from '../../lib/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { Avatar } from '../profile/avatar.tsx'

export function AvatarField({ handle, avatarUrl }: { handle: string; avatarUrl: string | null }) {
  const input = useRef<HTMLInputElement>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [isSending, setSending] = useState(false)
  const utils = trpc.useUtils()
  const refresh = trpc.auth.refresh.useMutation()

  async function send(file: Blob | null): Promise<void> {
    setSending(true)
    setProblem(null)
    try {
      await putAvatar(file, () => refresh.mutateAsync())
      await utils.social.invalidate()
      toast.success(file ? 'Picture saved.' : 'Picture removed.')
    } catch (error) {
      setProblem(error instanceof PictureError ? error.message : 'The picture could not be kept.')
    } finally {
      setSending(false)
    }
  }

  return (
    <div className="mb-6 flex items-center gap-5">
      <Avatar person={{ handle, avatarUrl }} className="size-20" />
      <div className="min-w-0">
        <div className="flex flex-wrap gap-2">
          <Button size="sm" variant="secondary" pending={isSending} onClick={() => input.current?.click()}>
            <ImageUp aria-hidden /> Choose a picture
          </Button>
          {avatarUrl !== null && (
            <Button size="sm" variant="ghost" unavailable={isSending} onClick={() => void send(null)}>
              Remove
            </Button>
          )}
          <input
            ref={input}
            type="file"
            accept="image/png,image/jpeg,image/webp"
            aria-label="Your picture"
            className="sr-only"
            tabIndex={-1}
            onChange={(event) => {
              const [file] = event.target.files ?? []
              event.target.value = ''
              if (file) void send(file)
            }}
          />
        </div>
        <p aria-live="polite" className="mt-2 min-h-5 text-sm">
          {problem === null ? (
            <span className="text-muted">PNG, JPEG or WebP, 2 MB at most.</span>
          ) : (
            <span className="text-danger">{problem}</span>
          )}
        </p>
      </div>
    </div>
  )
}
