// Sets the chosen theme before the first paint; the same key as src/lib/theme.ts.
(() => {
  try {
    const theme = localStorage.getItem("hearth.theme");
    if (theme !== "light" && theme !== "dark") return;
    document.documentElement.dataset.theme = theme;
    for (const meta of document.querySelectorAll("meta[name=theme-color]"))
      meta.media = meta.dataset.of === theme ? "all" : "not all";
  } catch {
    // Storage is refused in some private modes: the system decides then.
  }
})();
