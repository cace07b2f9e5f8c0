/** Short messages in the corner. The styles of sonner come with `styles.css`. */
import { Toaster as Sonner } from 'sonner'

export const Toaster = () => (
  <Sonner
    position="bottom-right"
    toastOptions={{
      unstyled: true,
      classNames: {
        toast:
          'flex w-full items-center gap-3 rounded-control border border-line bg-surface p-4 text-sm text-ink shadow-card',
        icon: 'text-accent shrink-0',
        error: '[&_[data-icon]]:text-danger',
        actionButton: 'ml-auto shrink-0 rounded-lg px-2.5 py-1.5 font-medium text-accent hover:bg-sunken',
      },
    }}
  />
)
