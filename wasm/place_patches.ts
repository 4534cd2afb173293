// Draws the places of an epoch's patches: a picture, a position in it, and one of the square's eight turns and flips. Every
// position of every picture is equally likely.
//
//   draw      PatchDraw
//   pictures  [pictures] Picture
//   places    [count] Place
//
// Job: 64 patches.
// Twin: shaders/place_patches.wgsl. Reference: src/reference/place-patches.ts
import { pictureAt, placeAt } from "./lib/patch";
import { multiplyHigh, philox } from "./lib/philox";

// @ts-ignore: decorator
@unmanaged
class PatchDraw {
  count: u32;
  pictures: u32;
  // In all pictures together
  places: u32;
  side: u32;
  channels: u32;
  // 1: turned and flipped, 0: upright
  flips: u32;
  seed: u32;
  drawStream: u32;
  epoch: u32;
}

/** The picture that a place belongs to: the last one whose places begin at or before it. */
function pictureOf(place: u32, pictures: usize, count: u32): u32 {
  let low: u32 = 0;
  let high = count;
  while (high - low > 1) {
    const middle = (low + high) / 2;
    if (pictureAt(pictures, middle).firstPlace <= place) low = middle;
    else high = middle;
  }
  return low;
}

export function place_patches(
  first: u32,
  end: u32,
  across: u32,
  draw: PatchDraw,
  pictures: usize,
  places: usize,
): void {
  const last = min(64 * end, draw.count);
  for (let patch = 64 * first; patch < last; patch++) {
    const words = philox(patch, draw.epoch, 0, 0, draw.seed, draw.drawStream);
    // A word times the number of places, over 2^32: a whole number below the number of places, without the bias of a
    // remainder.
    const drawn = multiplyHigh(i32x4.extract_lane(words, 0), draw.places);
    const index = pictureOf(drawn, pictures, draw.pictures);
    const picture = pictureAt(pictures, index);
    const starts = picture.columns - draw.side + 1;
    const local = drawn - picture.firstPlace;
    let down: i32 = picture.columns * draw.channels;
    let right: i32 = draw.channels;
    let start = <i32>picture.firstValue + <i32>(local / starts) * down + <i32>(local % starts) * right;
    const turn: u32 = draw.flips === 1 ? i32x4.extract_lane(words, 1) : 0;
    if (turn & 1) {
      start += <i32>(draw.side - 1) * down;
      down = -down;
    }
    if (turn & 2) {
      start += <i32>(draw.side - 1) * right;
      right = -right;
    }
    const place = placeAt(places, patch);
    place.first = start;
    place.down = turn & 4 ? right : down;
    place.right = turn & 4 ? down : right;
    place.picture = index;
  }
}
