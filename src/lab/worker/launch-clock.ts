import type { Launch } from "../../device/device.ts";
import type { PlacedLaunch } from "../protocol.ts";

/**
 * Converts the times of launches from the device's clock to the clock that page and Worker share. The end of a submit is
 * noticed after its last launch ended, never before: the smallest such delay of all submits is the best estimate.
 */
export class LaunchClock {
  #offset = Number.POSITIVE_INFINITY;

  /** `now`: the time at which the end of the launches, which are in order, was noticed, in milliseconds since 1970. */
  place(launches: readonly Launch[], now: number): PlacedLaunch[] {
    const end = Math.max(...launches.map(({ start, duration }) => start + duration));
    this.#offset = Math.min(this.#offset, now - end);
    return launches.map((launch) => ({ ...launch, start: launch.start + this.#offset }));
  }
}
