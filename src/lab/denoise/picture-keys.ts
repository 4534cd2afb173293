import { showNext } from "./actions.ts";
import { saveShown } from "./saving.ts";

/** Handles a key of this view: N and P show the next and the previous picture, D downloads the shown one. */
export function pressKey(key: string): void {
  if (key === "n") void showNext(1);
  else if (key === "p") void showNext(-1);
  else if (key === "d") void saveShown();
}
