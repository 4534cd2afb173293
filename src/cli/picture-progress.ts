import { Presets, SingleBar } from "cli-progress";
import type { Io } from "./io.ts";
import { duration } from "./text.ts";

/** Shows how the denoising of pictures goes. */
export interface PictureProgress {
  /** Told of every submit: `share` of picture `index`, which is called `name`, is done. */
  advance(index: number, name: string, share: number): void;
  /** Told of every picture that is written. */
  done(name: string, pixels: number, seconds: number): void;
  /** Prints a line on stderr. */
  tell(line: string): void;
  /** Called once at the end, also after an error. */
  stop(): void;
}

/** A bar where stderr is a terminal, else a line a picture. */
export function pictureProgress(io: Io, pictures: number): PictureProgress {
  return io.stderr.isTTY ? bar(io, pictures) : lines(io);
}

function bar(io: Io, pictures: number): PictureProgress {
  const started = performance.now();
  const display = new SingleBar(
    // Cuts long lines at the terminal's edge, and leaves the terminal's modes alone.
    {
      format: "{picture}/{pictures} {bar} {left} left, {name}",
      barsize: 8,
      linewrap: true,
      stream: io.stderr,
    },
    Presets.shades_classic,
  );
  display.start(pictures, 0, { picture: 1, pictures, left: "?", name: "" });
  return {
    advance(index, name, share) {
      const done = index + share;
      const seconds = (performance.now() - started) / 1000;
      const left = done > 0 ? duration((seconds * (pictures - done)) / done) : "?";
      display.update(done, { picture: index + 1, pictures, left, name });
    },
    done: () => {},
    tell: (line) => io.console.error(`\r\u001b[K${line}`),
    stop: () => display.stop(),
  };
}

function lines(io: Io): PictureProgress {
  return {
    advance: () => {},
    done: (name, pixels, seconds) =>
      io.console.error(`${name}: ${(pixels / 1e6).toFixed(2)} megapixels in ${duration(seconds)}`),
    tell: (line) => io.console.error(line),
    stop: () => {},
  };
}
