import { batch, effect } from "@preact/signals";
import { defaultTraining } from "../../spec/settings.ts";
import { ownImages } from "../images/state.ts";
import { command } from "../run/actions.ts";
import { buildRun } from "../run/build-run.ts";
import { unusableOptions } from "../run/options.ts";
import { runImages, runState, untouched } from "../run/state.ts";
import { Delay } from "../shared/scheduling.ts";
import { formatFragment, readFragment, takeView, viewState } from "../views/state.ts";
import { formatAddress, readAddress } from "./address.ts";
import { anyImages, type Draft, draftOf, openingDigits, readDraft } from "./draft.ts";
import { fittedSource, type SourceImages } from "./presets.ts";
import { changed, imagesSize, reading, settingsState } from "./state.ts";

/** Milliseconds from the last keystroke until an untrained run, and the address, follow the form. */
const typingPause = 250;

const runFollows = new Delay(typingPause);
const addressFollows = new Delay(typingPause);

/** Changes settings. A run that has not done a step is soon replaced by one with these settings. */
export function edit(change: Partial<Draft>): void {
  settingsState.draft.value = { ...settingsState.draft.value, ...change };
  settingsState.refusal.value = undefined;
  runFollows.start(() => {
    const follows = runState.phase.value === "idle" && untouched.value && changed.value;
    if (follows && reading.value.spec) void command("starting", (connected) => buildRun(connected));
  });
}

/** The images of the page's run, for what the network learns from; those of the digits before there is a run. */
export function sourceImages(): SourceImages {
  const { rows, columns } = runImages.value ?? openingDigits;
  return { own: ownImages.value, rows, columns };
}

/** Fits the settings to what the network learns from, before a run gets the user's own images or the digits. */
export function fitSource(images: SourceImages): void {
  edit(fittedSource(settingsState.draft.value, images));
}

/**
 * Reads the view and the settings from the address, now and whenever it changes, and updates the address when the settings change.
 */
export function followAddress(): void {
  takeView(readFragment(window.location.hash).view ?? "train");
  takeAddress();
  window.addEventListener("hashchange", followFragment);
  effect(() => {
    addressFollows.cancel();
    if (settingsState.draft.value !== settingsState.addressDraft.peek()) addressFollows.start(writeAddress);
  });
}

/** Copies the page's address with the current settings. */
export async function copyLink(): Promise<void> {
  if (!writeAddress()) {
    settingsState.linkStatus.value = "Correct the settings first: a link holds only valid settings.";
    return;
  }
  const { value: draft } = settingsState.draft;
  let status = ownImages.value ? "Copied, with all settings, but without your images." : "Copied.";
  try {
    await navigator.clipboard.writeText(window.location.href);
  } catch {
    status = "The browser does not allow copying here: use the page's address as the link.";
  }
  // If the settings were changed meanwhile, the link does not have the changes.
  if (settingsState.draft.value === draft) settingsState.linkStatus.value = status;
}

/** Takes the view and the settings of a changed address. One that only switches the view leaves the settings as they are. */
function followFragment(): void {
  const { view, settings } = readFragment(window.location.hash);
  const { value: before } = viewState.view;
  takeView(view ?? "train");
  const switches = view !== undefined || before !== viewState.view.value;
  if (settings === "" && switches) writeAddress();
  else takeAddress();
}

function takeAddress(): void {
  const images = imagesSize(runImages.value) ?? openingDigits;
  const { hash, search } = window.location;
  const others = unusableOptions(new URLSearchParams(search));
  const { spec, fault } = readAddress(readFragment(hash).settings, images, others);
  batch(() => {
    edit(draftOf(spec));
    settingsState.addressDraft.value = settingsState.draft.value;
    settingsState.addressFault.value = fault;
    settingsState.linkStatus.value = undefined;
  });
}

/** Writes the settings to the address; returns false, without a change, if they cannot be used. */
function writeAddress(): boolean {
  addressFollows.cancel();
  const { value: draft } = settingsState.draft;
  const { spec } = readDraft(draft, anyImages(draft));
  if (!spec) return false;
  // An address has no images, so what it opens learns from clean ones.
  const opened = draft.twins === "none" ? spec : { ...spec, noise: defaultTraining.noise };
  const address = new URL(window.location.href);
  const { view } = readFragment(address.hash);
  const shown = viewState.view.value === "denoise" ? "denoise" : view === "train" ? view : undefined;
  address.hash = formatFragment({ view: shown, settings: formatAddress(opened) });
  if (address.href !== window.location.href) history.replaceState(history.state, "", address);
  batch(() => {
    settingsState.addressFault.value = undefined;
    settingsState.linkStatus.value = undefined;
  });
  return true;
}
