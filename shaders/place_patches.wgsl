// Draws the places of an epoch's patches: a picture, a position in it, and one of the square's eight turns and flips. Every
// position of every picture is equally likely.
//
//   draw      uniform     PatchDraw
//   pictures  read        [pictures] Picture
//   places    read_write  [count] Place
//
// Dispatch: one invocation per patch, folded into two dimensions.
// Reference: src/reference/place-patches.ts
#include "lib/philox.wgsl"
#include "lib/patch.wgsl"

struct PatchDraw {
  count: u32,
  pictures: u32,
  places: u32,   // in all pictures
  side: u32,
  channels: u32,
  flips: u32,    // 1: turned and flipped, 0: upright
  seed: u32,
  drawStream: u32,
  epoch: u32,
}

@group(0) @binding(0) var<uniform> draw: PatchDraw;
@group(0) @binding(1) var<storage, read> pictures: array<Picture>;
@group(0) @binding(2) var<storage, read_write> places: array<Place>;

// The picture that a place belongs to: the last one whose places begin at or before it.
fn pictureOf(place: u32) -> u32 {
  var low = 0u;
  var high = draw.pictures;
  while (high - low > 1u) {
    let middle = (low + high) / 2u;
    if (pictures[middle].firstPlace <= place) { low = middle; } else { high = middle; }
  }
  return low;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let patchNumber = id.y * groups.x * 64u + id.x;
  if (patchNumber >= draw.count) { return; }
  let words = philox(vec4u(patchNumber, draw.epoch, 0u, 0u), vec2u(draw.seed, draw.drawStream));
  // A word times the number of places, over 2^32: a whole number below the number of places, without the bias of a
  // remainder.
  let place = multiplyHigh(words.x, draw.places);
  let index = pictureOf(place);
  let picture = pictures[index];
  let across = picture.columns - draw.side + 1u;
  let local = place - picture.firstPlace;
  var down = i32(picture.columns * draw.channels);
  var right = i32(draw.channels);
  var first = i32(picture.firstValue) + i32(local / across) * down + i32(local % across) * right;
  let turn = select(0u, words.y, draw.flips == 1u);
  if ((turn & 1u) != 0u) {
    first += i32(draw.side - 1u) * down;
    down = -down;
  }
  if ((turn & 2u) != 0u) {
    first += i32(draw.side - 1u) * right;
    right = -right;
  }
  if ((turn & 4u) != 0u) {
    places[patchNumber] = Place(first, right, down, index);
  } else {
    places[patchNumber] = Place(first, down, right, index);
  }
}
