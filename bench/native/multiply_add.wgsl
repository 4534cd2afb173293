// Multiply-adds in registers, to measure arithmetic throughput without memory access. An invocation does 256 rounds of 8
// vec4f fused multiply-adds: 16384 operations.
// Dispatch: one invocation per quad of `results`.

@group(0) @binding(0) var<storage, read_write> results: array<vec4f>;

@compute @workgroup_size(64, 1)
fn main(@builtin(global_invocation_id) id: vec3u) {
  // Read from memory, so that the compiler cannot evaluate the loop; near 1 and 0, so that nothing overflows.
  let factor = vec4f(0.999) + 1e-9 * results[id.x];
  let term = vec4f(1e-3) + 1e-9 * results[id.x];
  var a = factor;
  var b = term;
  var c = factor + term;
  var d = factor - term;
  var e = factor * 0.5;
  var f = term * 0.5;
  var g = factor * 0.25;
  var h = term * 0.25;
  for (var round = 0u; round < 256u; round++) {
    a = fma(a, factor, term);
    b = fma(b, factor, term);
    c = fma(c, factor, term);
    d = fma(d, factor, term);
    e = fma(e, factor, term);
    f = fma(f, factor, term);
    g = fma(g, factor, term);
    h = fma(h, factor, term);
  }
  results[id.x] = a + b + c + d + e + f + g + h;
}
