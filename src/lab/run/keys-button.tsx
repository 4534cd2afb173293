import { store } from "../store.ts";
import { showKeys } from "./key-shortcuts.ts";

/** Opens the list of all keys. */
export function KeysButton() {
  return (
    <button
      type="button"
      class="button button-small keys-button"
      aria-haspopup="dialog"
      aria-keyshortcuts={store.keys.on.value ? "?" : undefined}
      onClick={() => showKeys(true)}
    >
      Keys
    </button>
  );
}
