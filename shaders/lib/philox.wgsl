// Philox4x32-10, the counter-based random generator of Salmon, Moraes, Dror and Shaw (SC 2011).
// Reference: src/math/philox.ts.

// The upper 32 bits of the 64-bit product; WGSL has no such function.
fn multiplyHigh(a: u32, b: u32) -> u32 {
  let aHigh = a >> 16u;
  let aLow = a & 0xffffu;
  let bHigh = b >> 16u;
  let bLow = b & 0xffffu;
  let middle = aHigh * bLow + ((aLow * bLow) >> 16u);
  let carry = aLow * bHigh + (middle & 0xffffu);
  return aHigh * bHigh + (middle >> 16u) + (carry >> 16u);
}

// Four random words for a 128-bit counter under a 64-bit key.
fn philox(counter: vec4u, key: vec2u) -> vec4u {
  var c = counter;
  var k = key;
  for (var round = 0u; round < 10u; round++) {
    let high0 = multiplyHigh(0xd2511f53u, c.x);
    let high1 = multiplyHigh(0xcd9e8d57u, c.z);
    c = vec4u(high1 ^ c.y ^ k.x, 0xcd9e8d57u * c.z, high0 ^ c.w ^ k.y, 0xd2511f53u * c.x);
    k += vec2u(0x9e3779b9u, 0xbb67ae85u);
  }
  return c;
}

// Numbers in (0, 1), excluding 0 and 1, from the words' upper 23 bits.
fn unitInterval(words: vec4u) -> vec4f {
  return (vec4f(words >> vec4u(9u)) + 0.5) * 0x1p-23;
}
