import { scaleLinear } from "d3-scale";
import fc from "fast-check";
import { expect, test } from "vitest";
import { LinearScale } from "../../src/math/round-ticks.ts";

const ends = fc
  .tuple(fc.double({ min: -1e4, max: 1e4, noNaN: true }), fc.double({ min: -4, max: 4, noNaN: true }))
  .map(([start, power]) => [start, start + 10 ** power] as const);

test("a linear scale places values, inverts pixels and numbers its axis as d3-scale does", () => {
  fc.assert(
    fc.property(
      ends,
      fc.integer({ min: 2, max: 12 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (domain, count, share) => {
        const own = new LinearScale(domain, [400, 20]);
        const known = scaleLinear(domain, [400, 20]);
        const value = domain[0] + share * (domain[1] - domain[0]);
        expect(own.at(value)).toBeCloseTo(known(value), 4);
        expect(own.invert(own.at(value))).toBeCloseTo(value, 6);
        const ticks = known.ticks(count);
        const format = known.tickFormat(count);
        expect(own.ticks(count).map(({ text }) => text)).toEqual(
          // d3 groups thousands, for which a plot has no room.
          ticks.map((tick) => format(tick).replaceAll(",", "")),
        );
        own.ticks(count).forEach((tick, index) => {
          expect(tick.value).toBeCloseTo(ticks[index] ?? Number.NaN, 8);
        });
      },
    ),
  );
});
