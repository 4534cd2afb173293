import { crc32, deflateSync } from "node:zlib";
import sharp from "sharp";
import { encodeModel } from "../../src/formats/model-file.ts";
import { autoencoder } from "../../src/spec/network.ts";

type Samples = Uint8Array | Uint16Array;

/** A picture's samples, always the same for a size: all pixels are different, with many values of alpha. */
export function madeSamples<S extends Samples>(samples: S): S {
  return samples.map((_, index) => (index * 2654435761) >>> (samples instanceof Uint16Array ? 9 : 17)) as S;
}

/** Larger than a window of the network below. */
const size = { width: 7 + 5, height: 5 + 4 };
const pixels = size.width * size.height;

/** A picture [9, 12, channels] for sharp. */
export function madePicture(channels: 1 | 2 | 3 | 4, bits: 8 | 16) {
  const samples = bits === 8 ? new Uint8Array(pixels * channels) : new Uint16Array(pixels * channels);
  const raw = sharp(madeSamples(samples), { raw: { ...size, channels } });
  return channels < 3 ? raw.toColourspace(bits === 8 ? "b-w" : "grey16") : raw.toColourspace(colour(bits));
}

function colour(bits: 8 | 16) {
  return bits === 8 ? "srgb" : "rgb16";
}

/** The red, green, blue and alpha samples of a file, upright and unchanged. */
export async function samplesOf(path: string) {
  const metadata = await sharp(path).metadata();
  const deep = metadata.depth === "ushort";
  const data = await sharp(path, { ignoreIcc: true, autoOrient: true })
    .toColourspace(colour(deep ? 16 : 8))
    .ensureAlpha()
    .raw({ depth: deep ? "ushort" : "uchar" })
    .toBuffer();
  const samples = deep ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2) : data;
  return { samples: Array.from(samples), metadata };
}

/**
 * Red, green, blue and alpha samples of the negative. The network gets the colours c over white, a c + 1 - a, and the negative of that
 * over white is that of 2 - c - 1 / a. Where alpha is 0 the colours stay.
 */
export function negativeOf(samples: readonly number[], white: number): number[] {
  return samples.map((sample, index) => {
    const alpha = (samples[index - (index % 4) + 3] ?? Number.NaN) / white;
    if (index % 4 === 3 || alpha === 0) return sample;
    return alpha === 1 ? white - sample : Math.min(Math.max(white * (2 - 1 / alpha) - sample, 0), white);
  });
}

/** A network for windows of 5 x 7 pixels that gives the negative of a picture, 1 - x, to float32's last digits. */
export function negativeModel(channels: number): Uint8Array {
  const size = 5 * 7 * channels;
  const network = autoencoder([5, 7], [size], { output: "linear", channels });
  const diagonal = (value: number) =>
    Float32Array.from({ length: size * size }, (_, index) => (index % (size + 1) === 0 ? value : 0));
  return encodeModel({
    network,
    layers: [
      { weight: diagonal(1), bias: new Float32Array(size) },
      { weight: diagonal(-1), bias: new Float32Array(size).fill(1) },
    ],
  });
}

/** A PNG file with this profile, its samples unchanged; sharp would convert them. */
export function withProfile(png: Uint8Array, profile: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from("iCCPprofile\0\0", "latin1"), deflateSync(profile)]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(named.length - 4);
  check.writeUInt32BE(crc32(named));
  // After the signature and IHDR.
  return Buffer.concat([png.subarray(0, 33), length, named, check, png.subarray(33)]);
}
