import { expect, test } from "vitest";
import { lossChart } from "../../src/formats/loss-chart.ts";

const records = (losses: readonly (readonly [loss: number, valLoss: number])[]) =>
  losses.map(([loss, valLoss], index) => ({ epoch: index + 1, loss, valLoss, valPsnr: 10, seconds: 1 }));

/** The corners of a curve, [x, y] in the chart's pixels. */
function curve(svg: string, name: "loss" | "valLoss"): number[][] {
  const path = new RegExp(`class="${name}"[^>]* d="M([-\\d.,LZ]+)"`).exec(svg)?.[1] ?? "";
  return path
    .replace("Z", "")
    .split("L")
    .map((point) => point.split(",").map(Number));
}

/** The position of an axis label's text. */
function labelOf(svg: string, text: string, axis: "x" | "y"): number {
  return Number(new RegExp(`${axis}="([-\\d.]+)"[^>]*>${text}</text>`).exec(svg)?.[1]);
}

test("both curves have their values on the labelled scales", () => {
  const svg = lossChart(
    records([
      [0.5, 0.4],
      [0.3, 0.2],
      [0.1, 0.1],
    ]),
    { title: "t", loss: "bce" },
  );
  const middle = (name: "0\\.50" | "0\\.40" | "0\\.30" | "0\\.20" | "0\\.10") => labelOf(svg, name, "y") - 4;
  const at = ["1", "2", "3"].map((epoch) => labelOf(svg, epoch, "x"));
  expect(curve(svg, "loss")).toEqual([
    [at[0], middle("0\\.50")],
    [at[1], middle("0\\.30")],
    [at[2], middle("0\\.10")],
  ]);
  expect(curve(svg, "valLoss")).toEqual([
    [at[0], middle("0\\.40")],
    [at[1], middle("0\\.20")],
    [at[2], middle("0\\.10")],
  ]);
});

test.each([
  ["no epoch", []],
  ["one epoch", [[0.5, 0.5] as const]],
  ["a loss of zero", [[0, 0] as const, [0, 0] as const]],
])("%s gives a chart without broken numbers", (_, losses) => {
  expect(lossChart(records(losses), { title: "t", loss: "mse" })).not.toMatch(/NaN|Infinity|undefined/);
});

test("a long run is thinned out and still has the first and the last epoch", () => {
  const many = Array.from({ length: 100_001 }, (_, index) => [1 / (index + 1), 1 / (index + 2)] as const);
  const svg = lossChart(records(many), { title: "t", loss: "mse" });
  const points = curve(svg, "loss");
  expect(points.length).toBeLessThan(2100);
  expect([points[0]?.[0], points.at(-1)?.[0]]).toEqual([76, 700]);
});

test("text is escaped", () => {
  const svg = lossChart([], { title: '<script>"&"', loss: "mse" });
  expect(svg).toContain("<title>&lt;script&gt;&quot;&amp;&quot;</title>");
  expect(svg).not.toContain("<script>");
});
