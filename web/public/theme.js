// Sets the chosen theme before the first paint; the same key as src/lib/theme.ts.
(() => {
  try {
    const theme = localStorage.getItem("hearth.theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch {
    // Storage is refused in some private modes: the system decides then.
  }
})();
