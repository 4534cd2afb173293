import type { ComponentChildren } from "preact";

interface TableScrollProps {
  /** What the table holds. */
  readonly label: string;
  readonly children: ComponentChildren;
}

/** A table that may be wider than the page has room for: it is scrolled by itself, by the keys too. */
export function TableScroll({ label, children }: TableScrollProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled has to be reached by the keys.
    <section class="table-scroll" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
