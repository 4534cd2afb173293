import { learns } from "../run/state.ts";
import { addressOf, type View, viewState } from "./state.ts";

const links: readonly { readonly view: View; readonly title: string }[] = [
  { view: "denoise", title: "Denoise" },
  { view: "train", title: "Train" },
];

/** The links to the page's views. */
export function Navigation() {
  return (
    <nav class="views" aria-label="Views">
      {links.map(({ view, title }) => (
        <a
          key={view}
          class="views-link"
          href={addressOf(view)}
          aria-current={viewState.view.value === view ? "page" : undefined}
        >
          {title}
          {view === "train" && learns.value && <span class="views-live"> (running)</span>}
        </a>
      ))}
    </nav>
  );
}
