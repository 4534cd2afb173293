import { fileURLToPath } from "node:url";
import sharp from "sharp";
import type { Plugin } from "vite";

const mark = fileURLToPath(new URL("../src/lab/mark.svg", import.meta.url));

/** Sides of the icons in pixels: as required by Chrome for an installed page, and by Safari for its home screen. */
const sides = { small: 192, large: 512, apple: 180 };

/** Makes the built page installable (w3.org/TR/appmanifest), with icons drawn from the mark. */
export function webManifest(): Plugin {
  return {
    name: "unsnow:web-manifest",
    apply: "build",
    async generateBundle() {
      for (const side of Object.values(sides)) {
        this.emitFile({ type: "asset", fileName: iconName(side), source: await icon(side) });
      }
      this.emitFile({ type: "asset", fileName: "manifest.webmanifest", source: JSON.stringify(manifest) });
    },
    transformIndexHtml: () => [
      { tag: "link", attrs: { rel: "manifest", href: "./manifest.webmanifest" }, injectTo: "head" },
      {
        tag: "link",
        attrs: { rel: "apple-touch-icon", href: `./${iconName(sides.apple)}` },
        injectTo: "head",
      },
    ],
  };
}

const manifest = {
  name: "unsnow",
  description: "Watch a small neural network learn to take the noise off pictures, on your GPU.",
  start_url: "./",
  scope: "./",
  display: "standalone",
  background_color: "#f2f5f7",
  theme_color: "#f2f5f7",
  icons: [sides.small, sides.large].map((side) => ({
    src: iconName(side),
    sizes: `${side}x${side}`,
    type: "image/png",
    purpose: "any",
  })),
};

function iconName(side: number): string {
  return `icon-${side}.png`;
}

/** The mark, 36 units wide, as a PNG of `side` x `side` pixels; at 72 dpi, a unit is a pixel. */
function icon(side: number): Promise<Buffer> {
  return sharp(mark, { density: 2 * side })
    .resize(side, side)
    .png()
    .toBuffer();
}
