import { expect, test } from "vitest";
import { Buffers } from "../../src/device/buffers.ts";
import { NetworkBuffers } from "../../src/network/network-buffers.ts";
import { autoencoder } from "../../src/spec/network.ts";
import { useCpu } from "../support/open-cpu.ts";

const cpu = useCpu();

test("convolutions that do not fit are refused with what to lower, before anything is allocated", () => {
  const buffers = new Buffers(cpu());
  const network = autoencoder([64, 64], "conv:64x15");
  expect(() => new NetworkBuffers(cpu(), buffers, network, 4096)).toThrow(
    /^The outputs of the layers for 4096 images of 64 x 64 pixels need \d+ MB, but the adapter .* allows \d+ MB per buffer: lower the batch, the patch or the channels\.$/,
  );
  buffers.destroy();
});
