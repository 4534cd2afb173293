import type { ScatterColors } from "./scatter-plot.ts";

/** Reads the page's colours for points, as they are now, light or dark. */
export function readScatterColors(): ScatterColors {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string) => style.getPropertyValue(name);
  return {
    ink: color("--ink-soft"),
    line: color("--line"),
    point: color("--accent"),
    labels: Array.from({ length: 10 }, (_, label) => color(`--label-${label}`)),
  };
}
