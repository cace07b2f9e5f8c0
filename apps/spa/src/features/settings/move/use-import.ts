/** An import: the file goes up in pieces, and then the platform says how far it is. */
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { trpc } from '../../../lib/trpc.ts'
import { UploadError, upload } from '../../../lib/upload.ts'

const POLL_MS = 700
const LONGEST_PAUSE_MS = 8_000

const pause = (tries: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, Math.min(LONGEST_PAUSE_MS, 300 * 2 ** tries)))

export function useImport() {
  const utils = trpc.useUtils()
  const [sent, setSent] = useState<number | null>(null)
  const left = useRef(new AbortController())
  useEffect(() => () => left.current.abort(), [])
  const state = trpc.transfer.state.useQuery(undefined, {
    refetchInterval: ({ state: { data } }) => (isRunning(data?.import?.status) ? POLL_MS : false),
  })
  const start = useMutation({
    mutationFn: async (file: File) => {
      if (file.size === 0) throw new UploadError('This file is empty.')
      const { uploadId } = await utils.client.transfer.begin.mutate({ sizeBytes: file.size })
      setSent(0)
      await upload({
        ...{ file, uploadId, pause, onProgress: setSent, signal: left.current.signal },
        fetch: (...args) => fetch(...args),
        renew: () => utils.client.auth.session.query(),
      })
      await utils.client.transfer.finish.mutate({ uploadId })
      await utils.transfer.state.invalidate()
    },
    onSettled: () => setSent(null),
  })
  return { state, start, sent }
}

export const isRunning = (status: string | undefined): boolean =>
  status === 'unpacking' || status === 'restarting'
