import { describeSameBits } from "./same-bits-suite.ts";

describeSameBits("simd");
