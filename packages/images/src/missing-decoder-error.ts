/** A decoder's file is not there: no fault of the image, and no other of its format can be read either. */
export class MissingDecoderError extends Error {
  override name = 'MissingDecoderError';
}
