import { batch, effect } from "@preact/signals";
import { edit, typingPause } from "../run/actions.ts";
import { imagesSize, ownImages, store } from "../store.ts";
import { formatAddress, readAddress } from "./address.ts";
import { anyImages, type Draft, draftOf, openingDigits, readDraft } from "./draft.ts";

/** The draft that was read from the address, which stays as it is until the settings change. */
let taken: Draft | undefined;

let typing: ReturnType<typeof setTimeout> | undefined;

/** Takes the settings from the address, now and whenever it is changed, and has it follow the settings. */
export function followAddress(): void {
  takeAddress();
  window.addEventListener("hashchange", takeAddress);
  effect(() => {
    clearTimeout(typing);
    if (store.draft.value !== taken) typing = setTimeout(writeAddress, typingPause);
  });
}

/** Copies the page's address with the settings as they stand. */
export async function copyLink(): Promise<void> {
  if (!writeAddress()) {
    store.linkStatus.value = "Correct the settings first: a link holds only what can be used.";
    return;
  }
  const { value: draft } = store.draft;
  let status = ownImages.value ? "Copied, with every setting, but not your images." : "Copied.";
  try {
    await navigator.clipboard.writeText(window.location.href);
  } catch {
    status = "The browser forbids copying here: the page's address is the link.";
  }
  // What was copied is not said of settings that were changed since.
  if (store.draft.value === draft) store.linkStatus.value = status;
}

function takeAddress(): void {
  const images = imagesSize(store.images.value) ?? openingDigits;
  const { spec, fault } = readAddress(window.location.hash.replace(/^#/, ""), images);
  batch(() => {
    edit(draftOf(spec));
    taken = store.draft.value;
    store.addressFault.value = fault;
    store.linkStatus.value = undefined;
  });
}

/** Puts the settings into the address; false if they cannot be used, and the address stays. */
function writeAddress(): boolean {
  clearTimeout(typing);
  const { spec } = readDraft(store.draft.value, anyImages);
  if (!spec) return false;
  const address = new URL(window.location.href);
  address.hash = formatAddress(spec);
  if (address.href !== window.location.href) history.replaceState(history.state, "", address);
  batch(() => {
    store.addressFault.value = undefined;
    store.linkStatus.value = undefined;
  });
  return true;
}
