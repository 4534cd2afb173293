import { dismissOffer, takeOffer } from "../image-control.ts";
import { store } from "../store.ts";
import { ImagesDescription } from "./images-description.tsx";

/** What a person's files hold, before it is used. */
export function OfferedImages() {
  const { value: offer } = store.offer;
  if (!offer?.images) return null;
  return (
    <section class="card offer" aria-labelledby="offer-title">
      <h2 id="offer-title">Use these images?</h2>
      <ImagesDescription images={offer.images} />
      <div class="offer-buttons">
        <button type="button" class="button button-small button-main" onClick={() => void takeOffer()}>
          Use them
        </button>
        <button type="button" class="button button-small" onClick={dismissOffer}>
          Leave them
        </button>
      </div>
      <p class="setting-help">A new run starts with them; the one that there is ends.</p>
    </section>
  );
}
