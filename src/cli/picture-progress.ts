import { Presets, SingleBar } from "cli-progress";
import type { Io } from "./io.ts";
import { duration } from "./text.ts";

/** Shows the progress of denoising pictures. */
export interface PictureProgress {
  /** Called after every submit with the completed `share` of picture `index`. */
  advance(index: number, name: string, share: number): void;
  /** Called after every written picture; `strength` is that of its noise, if the network gets one. */
  done(name: string, pixels: number, seconds: number, strength: number | undefined): void;
  /** Prints a line on stderr. */
  tell(line: string): void;
  /** Called once at the end, also after an error. */
  stop(): void;
}

/** A line per picture, and a bar if stderr is a terminal. */
export function pictureProgress(io: Io, pictures: number): PictureProgress {
  return io.stderr.isTTY ? bar(io, pictures) : lines(io);
}

function bar(io: Io, pictures: number): PictureProgress {
  const started = performance.now();
  const display = new SingleBar(
    // `linewrap: true` truncates long lines at the terminal's edge and does not change the terminal's modes.
    {
      format: "{picture}/{pictures} {bar} {left} left, {name}",
      barsize: 8,
      linewrap: true,
      stream: io.stderr,
    },
    Presets.shades_classic,
  );
  const above = (line: string) => io.console.error(`\r\u001b[K${line}`);
  display.start(pictures, 0, { picture: 1, pictures, left: "?", name: "" });
  return {
    advance(index, name, share) {
      const done = index + share;
      const seconds = (performance.now() - started) / 1000;
      const left = done > 0 ? duration((seconds * (pictures - done)) / done) : "?";
      display.update(done, { picture: index + 1, pictures, left, name });
    },
    done: (...picture) => above(pictureLine(...picture)),
    tell: above,
    stop: () => display.stop(),
  };
}

function lines(io: Io): PictureProgress {
  return {
    advance: () => {},
    done: (...picture) => io.console.error(pictureLine(...picture)),
    tell: (line) => io.console.error(line),
    stop: () => {},
  };
}

/** "cat.jpg: 0.16 megapixels in 1.2 s, noise of strength 0.098 (25 of 255)" */
function pictureLine(name: string, pixels: number, seconds: number, strength: number | undefined): string {
  const what = `${name}: ${(pixels / 1e6).toFixed(2)} megapixels in ${duration(seconds)}`;
  if (strength === undefined) return what;
  if (strength === 0) return `${what}, no noise: left as it is`;
  return `${what}, noise of strength ${strength.toFixed(3)} (${Math.round(255 * strength)} of 255)`;
}
