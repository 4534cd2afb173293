import { unitInterval, type Words4 } from "./philox.ts";

/**
 * Four independent standard normal numbers from four random words (Box and Muller 1958).
 * The angle lies in (-pi, pi), where WGSL bounds the error of sin and cos. The twin of shaders/lib/normal.wgsl.
 */
export function normal4(words: Words4): [number, number, number, number] {
  const radius0 = Math.sqrt(-2 * Math.log(unitInterval(words[0])));
  const radius1 = Math.sqrt(-2 * Math.log(unitInterval(words[2])));
  const angle0 = 2 * Math.PI * unitInterval(words[1]) - Math.PI;
  const angle1 = 2 * Math.PI * unitInterval(words[3]) - Math.PI;
  return [
    radius0 * Math.cos(angle0),
    radius0 * Math.sin(angle0),
    radius1 * Math.cos(angle1),
    radius1 * Math.sin(angle1),
  ];
}
