import * as tf from '@tensorflow/tfjs';
import type { OrtBackend } from '../backend.js';
import { runOnCpu } from '../fallback.js';
import { binaryKernels } from './binary.js';
import { convolutionKernels } from './convolution.js';
import { creationKernels } from './creation.js';
import { indexingKernels } from './indexing.js';
import type { Inputs, Kernels } from './kernel.js';
import { matMulKernels } from './matmul.js';
import { normalizationKernels } from './normalization.js';
import { poolingKernels } from './pooling.js';
import { reduceKernels } from './reduce.js';
import { resizeKernels } from './resize.js';
import { shapeKernels } from './shape.js';
import { unaryKernels } from './unary.js';

/** Every kernel that runs in ONNX Runtime, by tfjs-core's name. */
export const kernels: Kernels = {
  ...unaryKernels,
  ...binaryKernels,
  ...reduceKernels,
  ...shapeKernels,
  ...matMulKernels,
  ...convolutionKernels,
  ...poolingKernels,
  ...resizeKernels,
  ...normalizationKernels,
  ...indexingKernels,
  ...creationKernels,
};

/** Registers every kernel of tfjs's `cpu` backend for `backendName`: natively, or through the cpu fallback. */
export function registerKernels(backendName: string): void {
  const names = new Set([
    ...Object.keys(kernels),
    ...tf.getKernelsForBackend('cpu').map((k) => k.kernelName),
  ]);
  for (const kernelName of names) {
    const kernel = kernels[kernelName];
    tf.registerKernel({
      kernelName,
      backendName,
      kernelFunc: ({ inputs, backend, attrs }) => {
        const b = backend as OrtBackend;
        return kernel?.(b, inputs as Inputs, attrs) ?? runOnCpu(b, kernelName, inputs as Inputs, attrs);
      },
    });
  }
}
