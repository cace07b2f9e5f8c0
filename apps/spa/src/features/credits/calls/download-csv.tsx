/** Downloads every call as a file. */
import { useMutation } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { toast } from 'sonner'
import { errorText } from '../../../lib/errors.ts'
import { trpc } from '../../../lib/trpc.ts'
import { Button } from '../../../ui/button.tsx'

export function DownloadCsv() {
  const { client } = trpc.useUtils()
  const download = useMutation({
    // A plain download cannot renew a session that has just run out: a call before it does.
    mutationFn: () => client.quota.credits.query(),
    onSuccess: () => location.assign('/credits.csv'),
    onError: (error) => void toast.error(errorText(error)),
  })
  return (
    <Button size="sm" variant="secondary" pending={download.isPending} onClick={() => download.mutate()}>
      {!download.isPending && <Download aria-hidden />}
      Download CSV
    </Button>
  )
}
