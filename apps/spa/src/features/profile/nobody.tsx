/** Where a profile would be, and nobody is who may be seen. */
import { ButtonLink } from '../../ui/button.tsx'
import { MessagePage } from '../../ui/message-page.tsx'

export const Nobody = ({ handle, home }: { handle: string; home: string }) => (
  <MessagePage title="Nobody is here" actions={<ButtonLink href={`${home}/`}>Back to home</ButtonLink>}>
    There is nobody called @{handle}, or this profile cannot be seen.
  </MessagePage>
)
