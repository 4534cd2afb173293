import { useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { SwitchSetting } from "../shared/controls.tsx";
import { showKeys, switchKeys } from "./key-shortcuts.ts";
import { keysState } from "./state.ts";

/** The button that opens the list of all keys. */
export function KeysButton() {
  return (
    <button
      type="button"
      class="button button-small keys-button"
      aria-haspopup="dialog"
      aria-keyshortcuts={keysState.on.value ? "?" : undefined}
      onClick={() => showKeys(true)}
    >
      Keys
    </button>
  );
}

/** All keys of the page, and the switch that turns off those that could be pressed by mistake or by speech input. */
export function KeysDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  useSignalEffect(() => {
    if (keysState.shown.value) dialog.current?.showModal();
    else dialog.current?.close();
  });
  return (
    <dialog
      ref={dialog}
      class="keys-dialog"
      aria-labelledby="keys-title"
      onClose={() => showKeys(false)}
      closedby="any"
    >
      <div class="keys-sheet">
        <div class="card-head">
          <h2 id="keys-title">Keys</h2>
          <button type="button" class="button button-small" onClick={() => showKeys(false)}>
            Close
          </button>
        </div>
        {pageKeys.map((group) => (
          <Keys key={group.title} group={group} />
        ))}
        <SwitchSetting
          id="keys-on"
          title="Keys that work anywhere"
          help="Turn them off if you press them by mistake or use speech input. The keys below stay on."
          on={keysState.on.value}
          onSwitch={switchKeys}
        />
        {focusKeys.map((group) => (
          <Keys key={group.title} group={group} />
        ))}
      </div>
    </dialog>
  );
}

function Keys({ group }: { readonly group: KeyGroup }) {
  return (
    <section>
      <h3>{group.title}</h3>
      <dl class="keys-list">
        {group.keys.map(({ keys, use }) => (
          <div key={use} class="keys-use">
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{use}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

interface KeyGroup {
  readonly title: string;
  readonly keys: readonly KeyUse[];
}

interface KeyUse {
  /** Alternatives; keys pressed together are joined with "+". */
  readonly keys: readonly string[];
  readonly use: string;
}

/** The keys that work wherever no control uses them, unless they are off. */
const pageKeys: readonly KeyGroup[] = [
  { title: "Anywhere", keys: [{ keys: ["?"], use: "show these keys" }] },
  {
    title: "In Train",
    keys: [
      { keys: ["Space"], use: "train, or pause" },
      { keys: ["S"], use: "do one step" },
      { keys: ["R"], use: "reset" },
    ],
  },
  {
    title: "In Denoise",
    keys: [
      { keys: ["N", "P"], use: "show the next or the previous picture" },
      { keys: ["D"], use: "download the picture" },
    ],
  },
];

/** The keys of the element that has the focus. */
const focusKeys: readonly KeyGroup[] = [
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
  {
    title: "On a slider",
    keys: [
      { keys: ["←", "→"], use: "change the value" },
      { keys: ["Home", "End"], use: "the least or the greatest" },
    ],
  },
];
