import { expect } from "../support/page.ts";
import { desktop, drawnOn, phone, tour } from "../support/tour.ts";

tour(
  "one looks inside the network: weights, latent space, decoder, units",
  [desktop, phone],
  async (visitor) => {
    const { page } = visitor;
    await visitor.openWithShapes();
    await visitor.train();
    const inside = visitor.card("Inside the network");
    await visitor.press(inside.getByText("Inside the network", { exact: true }));
    const openTab = (name: string) => visitor.press(inside.getByRole("tab", { name, exact: true }));

    // A picture for each of 24 units, of the encoder and of the decoder.
    const units = inside.getByRole("button", { name: /^Unit \d+, −?[\d.]+ to −?[\d.]+$/ });
    await expect(units).toHaveCount(24);
    const encoder = await drawnOn(units.locator("canvas"));
    expect(new Set(encoder).size).toBe(24);
    await visitor.press(units.nth(1));
    await expect(inside.getByRole("img", { name: "Weights of unit 2" })).toBeVisible();
    await visitor.press(inside.getByRole("radio", { name: "Decoder, last layer" }));
    await expect.poll(() => drawnOn(units.locator("canvas"))).not.toEqual(encoder);
    if (!visitor.byTouch) {
      await units.nth(1).press("ArrowRight");
      await expect(units.nth(2)).toBeFocused();
      await inside.getByRole("tab", { name: "Weights" }).press("ArrowRight");
      await expect(inside.getByRole("tab", { name: "Latent space" })).toBeFocused();
    }

    // The validation images as points, coloured by label; one that is pointed at is shown, and any place is decoded.
    await openTab("Latent space");
    await expect(inside.getByText(/principal component 1, \d+ % of the variance/)).toBeVisible();
    const plot = inside.getByRole("button", { name: /^Latent space: the arrow keys/ });
    const colors = await inside
      .getByRole("button", { name: /^Plot only the label \d$/ })
      .evaluateAll((buttons) =>
        buttons.map((button) => getComputedStyle(button).getPropertyValue("--label-color")),
      );
    expect(new Set(colors).size).toBe(4);
    const pointed = inside.getByRole("figure", { name: "The image pointed at" });
    const box = await visitor.boxOf(plot);
    const decoded = inside.getByRole("figure", { name: "The place decoded" }).getByRole("img");
    const pressAt = async (across: number, down: number) => {
      const place = { x: box.x + across * box.width, y: box.y + down * box.height };
      if (visitor.byTouch) await page.touchscreen.tap(place.x, place.y);
      else await page.mouse.click(place.x, place.y);
    };
    await pressAt(0.5, 0.5);
    await expect(decoded).toBeVisible();
    const middle = await drawnOn(decoded);
    await pressAt(0.1, 0.1);
    await expect.poll(() => drawnOn(decoded)).not.toEqual(middle);
    if (visitor.byTouch) {
      for (const [across, down] of everywhere()) {
        if ((await pointed.getByRole("img").count()) > 0) break;
        await pressAt(across, down);
      }
      await expect(pointed).toContainText(/Label [0-3] image \d+/);
      await expect(pointed.getByRole("img", { name: "clean" })).toBeVisible();
    }

    // From the code of one image to that of another, and a value by hand.
    await openTab("Decoder");
    const picture = inside.getByRole("figure", { name: "The code decoded" }).getByRole("img");
    await inside.getByRole("combobox", { name: "Label of A" }).selectOption("Label 0");
    await inside.getByRole("combobox", { name: "Label of B" }).selectOption("Label 3");
    const way = inside.getByRole("slider", { name: "Along the way from A to B" });
    await way.fill("0");
    await expect(inside.getByRole("button", { name: "0 % of the way", exact: true })).toHaveAttribute(
      "aria-pressed",
      "true",
    );
    const start = await drawnOn(picture);
    await visitor.press(inside.getByRole("button", { name: "100 % of the way", exact: true }));
    await expect(way).toHaveValue("100");
    await expect.poll(() => drawnOn(picture)).not.toEqual(start);

    // Units that are never active are named.
    await openTab("Codes");
    await expect(inside.locator("#dead-units")).toContainText(/\b24 units\b/);
    await expect(inside.getByRole("slider", { name: "Unit of the code" })).toHaveAttribute(
      "aria-valuetext",
      /^unit 1, (dead|active on \d+ %)/,
    );
  },
);

/** Places all over a plot, as shares of its sides. */
function* everywhere(): Generator<readonly [number, number]> {
  for (let down = 0.1; down < 1; down += 0.08)
    for (let across = 0.1; across < 1; across += 0.08) yield [across, down];
}
