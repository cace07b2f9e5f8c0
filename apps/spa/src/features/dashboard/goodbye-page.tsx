/** `/goodbye`: after an account was deleted. */
import { Link } from '@tanstack/react-router'
import { Leaf } from 'lucide-react'
import { site } from '../../lib/hosts.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { MessagePage } from '../../ui/message-page.tsx'

export const GoodbyePage = () => (
  <MessagePage
    icon={Leaf}
    title="Goodbye"
    actions={
      <ButtonLink href={`${site().landingOrigin}/`} variant="secondary">
        To the start page
      </ButtonLink>
    }
  >
    <p>Your computer and your account are deleted. Thank you for having been here.</p>
    <p className="mt-3 text-sm">
      You can{' '}
      <Link to="/signup" className="text-accent underline underline-offset-4">
        start afresh
      </Link>{' '}
      with another handle at any time.
    </p>
  </MessagePage>
)
