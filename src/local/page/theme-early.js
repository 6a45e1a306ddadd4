// @ts-check
// Runs before the first painting (a classic script, not a module), so that a dark page never flashes white.
(() => {
  try {
    document.documentElement.dataset.theme = JSON.parse(localStorage.getItem('hallpass.theme') ?? '"auto"');
  } catch {
    document.documentElement.dataset.theme = 'auto';
  }
})();
