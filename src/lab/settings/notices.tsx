import type { OwnFiles } from "../images/own-files.ts";
import { changed, store, untouched } from "../store.ts";

/** What is to be said of files and settings as a whole; read out as it appears. */
export function Notices() {
  const { value: offer } = store.offer;
  return (
    <div class="notices" role="status">
      {store.addressFault.value !== undefined && (
        <p class="notice notice-failure">{store.addressFault.value}</p>
      )}
      {store.refusal.value !== undefined && <p class="notice notice-failure">{store.refusal.value}</p>}
      {changed.value && !untouched.value && (
        <p class="notice">
          The run goes on with the settings it began with. Reset starts a new one with these.
        </p>
      )}
      {store.search.value !== undefined && <p class="notice">Looking for pictures…</p>}
      {offer && (
        <p class={offer.images || offer.samples ? "visually-hidden" : "notice"}>
          {offer.images ? "The files have been read." : `Reading ${nameOf(offer.files)}…`}
        </p>
      )}
    </div>
  );
}

function nameOf(files: OwnFiles): string {
  return files.kind === "pictures" ? files.folder.name : files.files.map(({ name }) => name).join(", ");
}
