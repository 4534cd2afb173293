export interface KeyGroup {
  readonly title: string;
  readonly keys: readonly KeyUse[];
}

export interface KeyUse {
  /** Any of them; those pressed together are joined with "+". */
  readonly keys: readonly string[];
  readonly use: string;
}

/** The keys that work wherever nothing else wants them, unless they are off. */
export const pageKeys: KeyGroup = {
  title: "Anywhere",
  keys: [
    { keys: ["Space"], use: "train, or pause" },
    { keys: ["S"], use: "do one step" },
    { keys: ["R"], use: "reset" },
    { keys: ["?"], use: "show these keys" },
  ],
};

/** The keys of what has the focus. */
export const focusKeys: readonly KeyGroup[] = [
  {
    title: "On a chart",
    keys: [
      { keys: ["←", "→"], use: "point at another epoch" },
      { keys: ["Page Up", "Page Down"], use: "ten epochs on or back" },
      { keys: ["Home", "End"], use: "first or last epoch" },
      { keys: ["+", "-"], use: "zoom in or out" },
      { keys: ["Esc"], use: "show all epochs" },
    ],
  },
  {
    title: "Inside the network",
    keys: [
      { keys: ["←", "→"], use: "another tab, weight or place" },
      { keys: ["Home", "End"], use: "the first or last" },
    ],
  },
  {
    title: "On the drawing pad",
    keys: [
      { keys: ["←", "→", "↑", "↓"], use: "move, with Shift further" },
      { keys: ["Space"], use: "put the pen down, or lift it" },
    ],
  },
  { title: "On a slider", keys: [{ keys: ["←", "→"], use: "change the value" }] },
];
