/** What stands in the place of something that could not be loaded. */
import { errorText } from '../../lib/errors.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'

export interface QueryErrorProps {
  title: string
  query: { error: unknown; isFetching: boolean; refetch: () => unknown }
}

export const QueryError = ({ title, query }: QueryErrorProps) => (
  <Notice
    tone="error"
    className="mt-8"
    title={title}
    action={
      <Button size="sm" variant="secondary" pending={query.isFetching} onClick={() => void query.refetch()}>
        Try again
      </Button>
    }
  >
    {errorText(query.error)}
  </Notice>
)
