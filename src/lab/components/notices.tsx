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
      {offer && (
        <p class={offer.images ? "visually-hidden" : "notice"}>
          {offer.images ? "The files have been read." : `Reading ${namesOf(offer.files)}…`}
        </p>
      )}
    </div>
  );
}

function namesOf(files: readonly File[]): string {
  return files.map(({ name }) => name).join(", ");
}
