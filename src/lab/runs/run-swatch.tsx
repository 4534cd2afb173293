import type { Overlay } from "./overlays.ts";

/** A kept run's line as the charts draw it. */
export function RunSwatch({ color, dash }: Pick<Overlay, "color" | "dash">) {
  return (
    <svg viewBox="0 0 26 12" width="26" height="12" aria-hidden="true" style={{ stroke: `var(${color})` }}>
      <path d="M0 6h26" fill="none" stroke-width="2.5" stroke-dasharray={dash.join(" ")} />
    </svg>
  );
}
