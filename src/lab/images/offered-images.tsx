import { store } from "../store.ts";
import { OfferButtons } from "./offer-buttons.tsx";
import { OfferedPictures } from "./offered-pictures.tsx";
import { ImagesDescription } from "./own-images.tsx";

/** What a person's files hold, before it is used. */
export function OfferedImages() {
  const { value: offer } = store.offer;
  if (!offer || (!offer.images && !offer.samples)) return null;
  const pictures = offer.files.kind === "pictures";
  return (
    <section class="card offer" aria-labelledby="offer-title">
      <h2 id="offer-title">Use these {pictures ? "pictures" : "images"}?</h2>
      {offer.files.kind === "pictures" ? (
        <OfferedPictures offer={offer} files={offer.files} />
      ) : (
        offer.images && <ImagesDescription images={offer.images} />
      )}
      <OfferButtons ready={offer.images !== undefined} />
    </section>
  );
}
