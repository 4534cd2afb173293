// Preloaded into a program (node --import), writes its peak memory in KiB to its file descriptor 3.
import { writeSync } from "node:fs";

process.on("exit", () => writeSync(3, `${process.resourceUsage().maxRSS}`));
