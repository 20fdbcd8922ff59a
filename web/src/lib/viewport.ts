/** Less than this is the browser's own bar coming and going, not a keyboard. */
const least = 120;

/** What the window shows of the page. */
export interface View {
  /** Height of the part that nothing covers. */
  height: number;
  /** 1 unless the person has zoomed in. */
  scale: number;
}

/** How many pixels at the bottom a keyboard covers; 0 without one, and while zoomed in. */
export function covered(view: View, windowHeight: number): number {
  if (Math.abs(view.scale - 1) > 0.01) return 0;
  const gone = Math.round(windowHeight - view.height);
  return gone >= least ? gone : 0;
}

/**
 * Where a keyboard lies over the page instead of making the window smaller (iPhone, iPad),
 * the app takes only the height above it, so that what one writes stays in sight. Styles
 * read --app-height, --keyboard and [data-keyboard].
 */
export function followKeyboard(view: VisualViewport | null = window.visualViewport): void {
  if (!view) return;
  const root = document.documentElement;
  const follow = () => {
    const below = covered(view, window.innerHeight);
    root.toggleAttribute("data-keyboard", below > 0);
    if (below === 0) {
      root.style.removeProperty("--app-height");
      root.style.removeProperty("--keyboard");
      return;
    }
    root.style.setProperty("--app-height", `${Math.round(view.height)}px`);
    root.style.setProperty("--keyboard", `${below}px`);
    // The browser pushes the page up to show the field; it is in sight already.
    if (view.offsetTop > 0) window.scrollTo(0, 0);
  };
  view.addEventListener("resize", follow);
  view.addEventListener("scroll", follow);
}
