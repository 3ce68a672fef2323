// Runs before the first paint, so that a chosen theme never flashes. Kept out of the page for the content security policy's sake.
try {
  const theme = localStorage.getItem('theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset['theme'] = theme
} catch {
  // Storage is forbidden: the system's theme it is.
}
