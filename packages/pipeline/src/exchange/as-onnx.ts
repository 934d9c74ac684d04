import { UserError } from '@ddad/detector';
import { toOnnx } from '@ddad/nn';

/** As `toOnnx`, with an error in the words of `exportDetector`. */
export async function asOnnx(...given: Parameters<typeof toOnnx>): Promise<Uint8Array> {
  try {
    return await toOnnx(...given);
  } catch (error) {
    if ((error as Error).name !== 'AnySizeError') throw error;
    const [, { outputs }] = given;
    throw new UserError(
      `the ONNX model of ${outputs.join(', ')} cannot take any batch size: its network is another graph for each`,
      { code: 'option', remedy: 'give option batchSize', cause: error },
    );
  }
}
