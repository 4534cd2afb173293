// Loaded before a program (node --import), this writes the most memory that it ever held, in KiB, to its file descriptor 3.
import { writeSync } from "node:fs";

process.on("exit", () => writeSync(3, `${process.resourceUsage().maxRSS}`));
