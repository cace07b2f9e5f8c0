/** The 404 page of both sites. */
import { ButtonLink } from '../../ui/button.tsx'
import { MessagePage } from '../../ui/message-page.tsx'

export const NotFound = ({ home }: { home: string }) => (
  <MessagePage title="Page not found" actions={<ButtonLink href={`${home}/`}>Back to home</ButtonLink>}>
    The address may be mistyped, or the page may have moved.
  </MessagePage>
)
