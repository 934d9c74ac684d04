import * as tf from '@tensorflow/tfjs';
import { binaryKernels } from './binary.js';
import { castToComplex, complexKernels } from './complex.js';
import { convolutionKernels } from './convolution.js';
import { convolution3dKernels } from './convolution3d.js';
import { creationKernels } from './creation.js';
import { cumulativeKernels } from './cumulative.js';
import { dilationKernels } from './dilation.js';
import { einsumKernels } from './einsum.js';
import { runOnCpu } from './fallback.js';
import { imageSamplingKernels } from './image-sampling.js';
import { indexingKernels } from './indexing.js';
import type { Inputs, Kernel, KernelBackend, Kernels } from './kernel.js';
import { localResponseKernels } from './local-response.js';
import { matMulKernels } from './matmul.js';
import { normalizationKernels } from './normalization.js';
import { poolingKernels } from './pooling.js';
import { reduceKernels } from './reduce.js';
import { resizeKernels } from './resize.js';
import { scatterKernels } from './scatter.js';
import { searchKernels } from './search-sorted.js';
import { shapeKernels } from './shape.js';
import { spaceBatchKernels } from './space-batch.js';
import { unaryKernels } from './unary.js';

/** Kernels that run in ONNX Runtime on real tensors, by kind and tfjs-core's name. */
export const kernelGroups: Record<string, Kernels> = {
  'elementwise, one input': unaryKernels,
  'elementwise, several inputs': binaryKernels,
  reductions: { ...reduceKernels, ...cumulativeKernels },
  'shapes and copies': { ...shapeKernels, ...spaceBatchKernels },
  creation: creationKernels,
  products: { ...matMulKernels, ...einsumKernels },
  convolution: { ...convolutionKernels, ...convolution3dKernels, ...dilationKernels },
  pooling: poolingKernels,
  normalization: { ...normalizationKernels, ...localResponseKernels },
  'indices and segments': { ...indexingKernels, ...scatterKernels, ...searchKernels },
  images: { ...resizeKernels, ...imageSamplingKernels },
};

/** All of {@link kernelGroups}. */
export const kernels: Kernels = {
  ...Object.assign({}, ...Object.values(kernelGroups)),
  Cast: (b, inputs, attrs) =>
    (attrs.dtype === 'complex64' ? castToComplex : shapeKernels.Cast)(b, inputs, attrs),
};

export { complexKernels };

/** The kernel for inputs of these types, if this backend has one. */
function kernelFor(kernelName: string, inputs: Inputs): Kernel | undefined {
  const types = new Set(Object.values(inputs).map((info) => info?.dtype));
  if (types.has('string')) return kernelName === 'Identity' ? kernels.Identity : undefined;
  return (types.has('complex64') ? complexKernels : kernels)[kernelName];
}

/** Registers every kernel of tfjs's `cpu` backend for `backendName`: natively, or through the cpu fallback. */
export function registerKernels(backendName: string): void {
  const names = new Set([
    ...Object.keys(kernels),
    ...Object.keys(complexKernels),
    ...tf.getKernelsForBackend('cpu').map((k) => k.kernelName),
  ]);
  for (const kernelName of names) {
    tf.registerKernel({
      kernelName,
      backendName,
      kernelFunc: ({ inputs, backend, attrs }) => {
        const b = backend as KernelBackend;
        const given = inputs as Inputs;
        return kernelFor(kernelName, given)?.(b, given, attrs) ?? runOnCpu(b, kernelName, given, attrs);
      },
    });
  }
}
