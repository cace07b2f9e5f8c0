/** The landing page as text, drawn while the pages are built. */
import { renderToStaticMarkup } from 'react-dom/server'
import { LandingPage } from './page.tsx'

export const drawLanding = (): string => renderToStaticMarkup(<LandingPage />)
