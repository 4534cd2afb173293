import { describe, expect, test } from "vitest";
import { formatSchedule, parseSchedule, type ScheduleSpec, scheduleFactor } from "../../src/spec/schedule.ts";

describe("a schedule", () => {
  const factorOf = (form: string, step: number, epoch = 0) =>
    scheduleFactor(parseSchedule(form), { step, steps: 100, epoch });

  test("constant does not change", () => {
    expect([0, 50, 99].map((step) => factorOf("constant", step))).toEqual([1, 1, 1]);
  });

  test("cosine falls from 1 through one half to almost 0", () => {
    expect(factorOf("cosine", 0)).toBe(1);
    expect(factorOf("cosine", 50)).toBeCloseTo(0.5, 15);
    expect(factorOf("cosine", 25)).toBeCloseTo((1 + Math.SQRT1_2) / 2, 15);
    expect(factorOf("cosine", 99)).toBeCloseTo(Math.sin(Math.PI / 200) ** 2, 15);
  });

  test("step falls after each period of epochs", () => {
    expect([0, 1, 2, 3, 4].map((epoch) => factorOf("step:2:0.5", 0, epoch))).toEqual([1, 1, 0.5, 0.5, 0.25]);
  });

  test.each<ScheduleSpec>([
    { kind: "constant" },
    { kind: "cosine" },
    { kind: "step", epochs: 30, factor: 0.1 },
  ])("%o is read back", (schedule) => {
    expect(parseSchedule(formatSchedule(schedule))).toEqual(schedule);
  });

  test.each(["", "linear", "cosine:3", "constant:", "step", "step:3", "step:a:1", "step:3:0.1:2", "step::"])(
    'refuses "%s"',
    (text) => {
      expect(() => parseSchedule(text)).toThrow(
        `The schedule "${text}" is not known: write constant, cosine or step:30:0.1.`,
      );
    },
  );

  test.each([
    ["step:0:0.1", "The epochs between two steps of the learning rate must be a whole number"],
    ["step:1.5:0.1", "The epochs between two steps of the learning rate must be a whole number"],
    ["step:3:2", "The factor of a step of the learning rate must be a number from 0 to 1, but it is 2."],
  ])("refuses %s", (text, message) => {
    expect(() => parseSchedule(text)).toThrow(message);
  });
});
