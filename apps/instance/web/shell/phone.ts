/** Where there is no room for windows: parts are sheets that fill the screen. */
export const PHONE = '(max-width: 52rem)'
