// The value subtracted from every pixel before the first layer: 0, or 0.5 while a centred run trains
// (src/spec/training.ts). The network's input, block 0 of the activations, holds the values after the subtraction.
override CENTRE: f32 = 0.0;
