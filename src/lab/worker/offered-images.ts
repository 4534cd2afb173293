import type { ImagesSummary } from "../images/summary.ts";
import { type AvailableImages, describeImages, digitsId, type ReadImages } from "./images.ts";

/** Offers that are kept: one that is about to start a run, and one that came meanwhile. */
const keptOffers = 2;

/** The images that were offered last, which runs can be started with. */
export class OfferedImages {
  #count = 0;
  /** The newest first. */
  #offers: readonly AvailableImages[] = [];

  /** What the images of an offer will be known by; called when their reading begins, for the later is the newer offer. */
  nextId(): number {
    this.#count += 1;
    return digitsId + this.#count;
  }

  /** Keeps images that were read. */
  async keep(id: number, images: ReadImages): Promise<ImagesSummary> {
    const offer = await describeImages(id, images);
    // Images that were offered later may have been read sooner.
    const newestFirst = [offer, ...this.#offers].sort((a, b) => b.summary.id - a.summary.id);
    this.#offers = newestFirst.slice(0, keptOffers);
    return offer.summary;
  }

  find(id: number): AvailableImages | undefined {
    return this.#offers.find(({ summary }) => summary.id === id);
  }

  /** Forgets the offer with this `id`, which a run has now, and those before it. */
  dropUpTo(id: number): void {
    this.#offers = this.#offers.filter(({ summary }) => summary.id > id);
  }
}
