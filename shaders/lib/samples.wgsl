// The samples of images on the device, of 8, 16 or 32 bits (float32), as numbers: (sample - SAMPLE_LOW) SAMPLE_SCALE. Bytes are
// always byte / 255. Twin: wasm/lib/samples.ts. Reference: src/reference/sample-values.ts.
#include "pixels.wgsl"

// The sample that is black, and 1 / (the sample that is white - the one that is black)
override SAMPLE_LOW: f32 = 0.0;
override SAMPLE_SCALE: f32 = 0.00392156862745098;

// The number of the word that contains a sample; images begin at a whole word.
fn wordOfSample(sample: u32) -> u32 { return sample / (32u / SAMPLE_BITS); }

// Words that hold four samples.
fn quadWords() -> u32 { return SAMPLE_BITS / 8u; }

// A sample, from the word that contains it.
fn sampleOf(word: u32, sample: u32) -> u32 {
  if (SAMPLE_BITS == 32u) { return word; }
  let perWord = 32u / SAMPLE_BITS;
  return (word >> (SAMPLE_BITS * (sample % perWord))) & select(0xffffu, 0xffu, SAMPLE_BITS == 8u);
}

fn decodeSample(sample: u32) -> f32 {
  if (SAMPLE_BITS == 8u) { return f32(sample) * (1.0 / 255.0); }
  let number = select(f32(sample), bitcast<f32>(sample), SAMPLE_BITS == 32u);
  return (number - SAMPLE_LOW) * SAMPLE_SCALE;
}

fn decodeSamples(samples: vec4u) -> vec4f {
  if (SAMPLE_BITS == 8u) { return vec4f(samples) * (1.0 / 255.0); }
  let numbers = select(vec4f(samples), bitcast<vec4f>(samples), SAMPLE_BITS == 32u);
  return (numbers - SAMPLE_LOW) * SAMPLE_SCALE;
}

// Four bytes of a word.
fn bytesOf(word: u32) -> vec4u { return (vec4u(word) >> vec4u(0u, 8u, 16u, 24u)) & vec4u(0xffu); }

// Four bytes as a word.
fn wordOfBytes(bytes: vec4u) -> u32 {
  return bytes.x | (bytes.y << 8u) | (bytes.z << 16u) | (bytes.w << 24u);
}
