export { withChannels } from './channels.js';
export { type DecodeOptions, decodeImage, decodeSamples } from './decode-image.js';
export { encodeJpeg, type JpegOptions } from './encode-jpeg.js';
export { encodePng } from './encode-png.js';
export {
  assertFitOptions,
  type Fit,
  type FitOptions,
  fitImage,
  fits,
  type Placement,
  placementOf,
  type Rectangle,
  toOriginal,
} from './fit.js';
export { type ImageFormat, type ImageHeader, readHeader } from './header.js';
export { MissingDecoderError } from './missing-decoder-error.js';
export { assertPixels, assertSize, type Pixels } from './pixels.js';
export { type ReadImageOptions, readImage } from './read-image.js';
export { type ResizeOptions, resize } from './resize.js';
export {
  assertWindow,
  likelyWindow,
  type SampleArray,
  type Samples,
  type ToPixelsOptions,
  toPixels,
} from './samples.js';
export { cutTile, type Tile, type TileGrid, type TileGridOptions, tileGrid } from './tiles.js';
