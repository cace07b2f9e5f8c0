/** What `app.DOMAIN` shows: providers around the router. */
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { getQueryKey } from '@trpc/react-query'
import { useEffect } from 'react'
import { toast } from 'sonner'
import { StepUp } from '../features/auth/step-up.tsx'
import { takeFlash } from '../lib/flash.ts'
import { createQueryClient } from '../lib/query.ts'
import { createClient, trpc } from '../lib/trpc.ts'
import { Toaster } from '../ui/toaster.tsx'
import { ErrorBoundary } from './error-boundary.tsx'
import { router } from './router.tsx'

const client = createClient()
const queryClient = createQueryClient((queries) => {
  void queries.invalidateQueries({ queryKey: getQueryKey(trpc.auth.session) })
})

export function App() {
  useEffect(() => {
    const text = takeFlash()
    if (text) toast.success(text)
  }, [])
  return (
    <ErrorBoundary>
      <trpc.Provider client={client} queryClient={queryClient}>
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
          <StepUp />
          <Toaster />
        </QueryClientProvider>
      </trpc.Provider>
    </ErrorBoundary>
  )
}
