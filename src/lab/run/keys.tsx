import { useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { SwitchSetting } from "../shared/switch-setting.tsx";
import { store } from "../store.ts";
import { focusKeys, type KeyGroup, pageKeys } from "./key-list.ts";
import { showKeys, switchKeys } from "./key-shortcuts.ts";

/** All keys of the page, and the switch that turns off those that a slip of the hand or a spoken word could press. */
export function KeysDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  useSignalEffect(() => {
    if (store.keys.shown.value) dialog.current?.showModal();
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
        <Keys group={pageKeys} />
        <SwitchSetting
          id="keys-on"
          title="Keys that work anywhere"
          help="Turn them off if they are pressed by mistake, or by what you say. The keys below stay."
          on={store.keys.on.value}
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
