/** Shows a page of the app as a browser would, with all that is around it. */

import { QueryClientProvider } from '@tanstack/react-query'
import { createMemoryHistory, createRouter, RouterProvider } from '@tanstack/react-router'
import { configure, render } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { StepUp } from '../features/auth/step-up.tsx'
import { createQueryClient } from '../lib/query.ts'
import { createClient, trpc } from '../lib/trpc.ts'
import { router } from '../routes/router.tsx'
import { Toaster } from '../ui/toaster.tsx'

// Pages are files that load when they are first shown, which takes its time on a busy machine.
configure({ asyncUtilTimeout: 15_000 })

export function renderPage(path: string) {
  const history = createMemoryHistory({ initialEntries: [path] })
  const page = createRouter({ routeTree: router.routeTree, history })
  const queries = createQueryClient()
  const shown = render(
    <trpc.Provider client={createClient()} queryClient={queries}>
      <QueryClientProvider client={queries}>
        <RouterProvider router={page} />
        <StepUp />
        <Toaster />
      </QueryClientProvider>
    </trpc.Provider>,
  )
  return { ...shown, queries, user: userEvent.setup(), address: () => history.location.href }
}
