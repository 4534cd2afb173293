import type { Launch } from "../../device/device.ts";
import type { PlacedLaunch } from "../protocol.ts";

/**
 * Places launches, which a device times on a clock of its own, on the clock that page and Worker share. A submit is seen
 * done some while after its last launch ended, never before: the least such lag of all submits comes nearest the truth.
 */
export class LaunchClock {
  #offset = Number.POSITIVE_INFINITY;

  /** `now`: when the launches, in the order they ran in, were seen done, in milliseconds since 1970. */
  place(launches: readonly Launch[], now: number): PlacedLaunch[] {
    const end = Math.max(...launches.map(({ start, duration }) => start + duration));
    this.#offset = Math.min(this.#offset, now - end);
    return launches.map((launch) => ({ ...launch, start: launch.start + this.#offset }));
  }
}
