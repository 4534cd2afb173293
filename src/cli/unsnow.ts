import { main } from "./main.ts";
import { processIo } from "./process-io.ts";

// The reader of a pipe may close it early, as `head` does; this is not an error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

process.exitCode = await main(process.argv.slice(2), processIo());
