/** The public figures and who may sign up, asked for again every few seconds while the page is seen. */
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { createStats } from '../../lib/stats.ts'

const EVERY_MS = 5000

export function useStats(apiOrigin: string) {
  const stats = useMemo(() => createStats(apiOrigin), [apiOrigin])
  return useQuery({
    queryKey: ['stats', apiOrigin],
    queryFn: ({ signal }) => stats.read(signal),
    refetchInterval: EVERY_MS,
    retry: false,
  })
}
