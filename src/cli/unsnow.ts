import { main } from "./main.ts";
import { processIo } from "./process-io.ts";

// A reader that closes its end early, as `head` does, has all that it wants.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

process.exitCode = await main(process.argv.slice(2), processIo());
