/** Of this browser's: there is one once something was brought in. Named apart from what opens it, which is loaded late. */
export const LIST_DATABASE = 'mos-transfers'
