// What every value of a picture is less before the first layer sees it: 0, or 0.5 while a centred run trains
// (src/spec/training.ts). The network's input, block 0 of the activations, holds the values without it.
override CENTRE: f32 = 0.0;
