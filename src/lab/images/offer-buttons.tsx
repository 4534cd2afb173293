import { dismissOffer, takeOffer } from "./offers.ts";

/** Uses what is offered, or not; the former waits until all of it is read. */
export function OfferButtons({ ready }: { readonly ready: boolean }) {
  return (
    <>
      <div class="offer-buttons">
        <button
          type="button"
          class="button button-small button-main"
          aria-disabled={!ready}
          onClick={() => void takeOffer()}
        >
          Use them
        </button>
        <button type="button" class="button button-small" onClick={dismissOffer}>
          Leave them
        </button>
      </div>
      <p class="setting-help">A new run starts with them; the one that there is ends.</p>
    </>
  );
}
