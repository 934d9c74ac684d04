import * as tf from '@tensorflow/tfjs';

const nine = [1, 2, 3, 4, 5, 6, 7, 8, 9];

/**
 * What torch.nn.functional.conv2d makes of the image 1..9 and the kernel 1..9 with padding 1, and the gradients of
 * sum(y * [1..9]) to image and kernel.
 */
const convolution = [94, 154, 106, 186, 285, 186, 106, 154, 94];
const gradients = {
  image: [26, 56, 54, 84, 165, 144, 134, 236, 186],
  kernel: [94, 154, 106, 186, 285, 186, 106, 154, 94],
};

const convolve = (x: tf.Tensor, kernel: tf.Tensor) =>
  tf.conv2d(x as tf.Tensor4D, kernel as tf.Tensor4D, 1, 'same');
const image = () => tf.tensor4d(nine, [1, 3, 3, 1]);
const kernel = () => tf.tensor4d(nine, [3, 3, 1, 1]);

/**
 * Compares a tiny convolution on tfjs's current backend with known values.
 *
 * @throws if one is off by more than 1e-3 of the largest, which is more than any engine's fast algorithms are
 */
export async function verifyConvolution(): Promise<void> {
  await compare(
    'a convolution',
    tf.tidy(() => convolve(image(), kernel())),
    convolution,
  );
}

/** As {@link verifyConvolution}, of the gradients of a convolution: what training needs. */
export async function verifyGradients(): Promise<void> {
  const [toImage, toKernel] = tf.tidy(() => {
    const weights = tf.tensor4d(nine, [1, 3, 3, 1]);
    return tf.grads((x, kernel) => tf.sum(tf.mul(convolve(x, kernel), weights)))([image(), kernel()]);
  });
  try {
    await compare("a convolution's gradient to its input", tf.clone(toImage), gradients.image);
    await compare("a convolution's gradient to its kernel", tf.clone(toKernel), gradients.kernel);
  } finally {
    tf.dispose([toImage, toKernel]);
  }
}

/** Disposes `tensor`. */
async function compare(what: string, tensor: tf.Tensor, expected: number[]): Promise<void> {
  const actual = await tensor.data();
  tensor.dispose();
  const allowed = 1e-3 * Math.max(...expected);
  if (!expected.every((value, i) => Math.abs(actual[i] - value) <= allowed)) {
    throw new Error(`${what} is wrong: needs ${expected}, got ${[...actual]}`);
  }
}
