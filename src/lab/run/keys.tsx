import { useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { SwitchSetting } from "../shared/controls.tsx";
import { viewState } from "../views/state.ts";
import { reset, step, toggleTraining } from "./actions.ts";
import { keysState, runState, showKeys, switchKeys } from "./state.ts";

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

const typingPlaces = "input, select, textarea, dialog[open], [contenteditable]";

/** The elements that the Space bar presses or opens when they have the focus. */
const spacePlaces = "button, summary, a";

/**
 * Handles the keyboard shortcuts, if no control uses the key: ? lists the keys; while training is shown, Space trains and pauses, S does a
 * step, R resets. The other view handles its own.
 */
export function listenForKeys(): void {
  window.addEventListener("keydown", (event) => {
    if (!keysState.on.value || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented)
      return;
    const place = event.target instanceof Element ? event.target : document.body;
    if (place.closest(typingPlaces)) return;
    const key = event.key.toLowerCase();
    if (key === "?") {
      showKeys(true);
    } else if (viewState.view.value === "denoise") {
      if (!event.repeat) void import("../denoise/denoise-view.tsx").then(({ pressKey }) => pressKey(key));
    } else if (key === " ") {
      if (place.closest(spacePlaces)) return;
      event.preventDefault();
      if (!event.repeat) void toggleTraining();
    } else if (key === "s") {
      // A held key repeats; its repetitions must not queue steps.
      if (!event.repeat || runState.phase.value === "idle") void step();
    } else if (key === "r" && !event.repeat) {
      void reset();
    }
  });
}
