/** The 404 page of both sites. */
import { Compass } from 'lucide-react'
import { ButtonLink } from '../ui/button.tsx'
import { MessagePage } from '../ui/message-page.tsx'

export const NotFound = ({ home }: { home: string }) => (
  <MessagePage
    icon={Compass}
    title="Nothing lives here"
    actions={<ButtonLink href={`${home}/`}>Back to the start</ButtonLink>}
  >
    The address may be mistyped, or the page has moved.
  </MessagePage>
)
