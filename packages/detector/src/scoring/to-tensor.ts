import * as tf from '@tensorflow/tfjs';

/** What a byte is in [-1, 1]. */
const levels = Float32Array.from({ length: 256 }, (_, byte) => (byte / 255) * 2 - 1);

/**
 * Images of interleaved bytes as a tensor in [-1, 1].
 *
 * @param images each `size * size * channels` bytes
 * @returns [images, size, size, channels], float32
 */
export function toTensor(images: readonly Uint8Array[], size: number, channels: number): tf.Tensor4D {
  const each = size * size * channels;
  const values = new Float32Array(images.length * each);
  images.forEach((bytes, n) => {
    if (bytes.length !== each) {
      throw new Error(`toTensor: ${size}x${size}x${channels} needs ${each} bytes, got ${bytes.length}`);
    }
    for (let i = 0; i < each; i++) values[n * each + i] = levels[bytes[i]];
  });
  return tf.tensor4d(values, [images.length, size, size, channels]);
}

/** Bytes, as int32, in [-1, 1]: the same values, by ops alone. */
export function fromBytes(bytes: tf.Tensor): tf.Tensor {
  // (2 v - 255) / 255, each part exact in float32
  return tf.div(tf.sub(tf.mul(tf.cast(bytes, 'float32'), 2), 255), 255);
}

/** The reverse: values in [-1, 1] (others are clamped) as bytes. */
export function toBytes(values: Float32Array): Uint8Array {
  return Uint8Array.from(values, (v) => Math.round(Math.min(Math.max((v + 1) / 2, 0), 1) * 255));
}
