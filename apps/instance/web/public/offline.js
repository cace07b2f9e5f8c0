/* Tries again when the network is back, and when somebody looks again after a while. */
const again = () => location.reload()
addEventListener('online', again)
document.addEventListener('visibilitychange', () => {
  if (!document.hidden && navigator.onLine) again()
})
