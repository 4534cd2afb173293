import { isShortcut } from "../run/key-shortcuts.ts";
import { viewState } from "../views/state.ts";
import { showNext } from "./actions.ts";
import { saveShown } from "./saving.ts";

/** Handles the keys of this view while it is shown: N and P show the next and the previous picture, D downloads it. Returns how to stop. */
export function listenForPictureKeys(): () => void {
  const listen = (event: KeyboardEvent) => {
    if (viewState.view.value !== "denoise" || !isShortcut(event) || event.repeat) return;
    const key = event.key.toLowerCase();
    if (key === "n") void showNext(1);
    else if (key === "p") void showNext(-1);
    else if (key === "d") void saveShown();
  };
  window.addEventListener("keydown", listen);
  return () => window.removeEventListener("keydown", listen);
}
