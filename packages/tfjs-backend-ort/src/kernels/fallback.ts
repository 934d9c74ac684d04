import * as tf from '@tensorflow/tfjs';
import type { Inputs, KernelBackend } from './kernel.js';

type Cpu = tf.KernelBackend & {
  data: { get(dataId: object): { complexTensorInfos?: { real: tf.TensorInfo; imag: tf.TensorInfo } } };
};

const warned = new Set<string>();

/**
 * Runs a kernel on tfjs's `cpu` backend: reads the inputs back, and says so once per kernel. Kernels on strings are
 * passed over in silence: they belong there.
 */
export function runOnCpu(
  b: KernelBackend,
  kernelName: string,
  inputs: Inputs,
  attrs: tf.NamedAttrMap | undefined,
): tf.TensorInfo | tf.TensorInfo[] {
  b.assertNotTracing(`kernel ${kernelName}, which runs on tfjs's cpu backend,`);
  const kernel = tf.getKernel(kernelName, 'cpu');
  if (!kernel)
    throw new Error(`tfjs-backend-ort: neither this backend nor tfjs's cpu has kernel '${kernelName}'.`);
  const tensors = Object.values(inputs)
    .flat()
    .filter((info) => info != null);
  if (!warned.has(kernelName) && !tensors.some((info) => info.dtype === 'string')) {
    warned.add(kernelName);
    console.warn(`tfjs-backend-ort: kernel ${kernelName} runs on tfjs's cpu backend, in plain JavaScript.`);
  }
  if (tensors.some(({ dataId }) => !b.canReadSync(dataId))) {
    throw new Error(
      `tfjs-backend-ort: kernel ${kernelName} runs on tfjs's cpu backend, which needs its inputs at once, but this ` +
        'runtime reads asynchronously. Read them first: await x.data().',
    );
  }
  const cpu = tf.engine().findBackend('cpu') as Cpu;
  const borrowed: tf.TensorInfo[] = [];
  const borrow = (info: tf.TensorInfo): tf.TensorInfo => {
    const copy = toCpu(b, cpu, info);
    borrowed.push(copy);
    return copy;
  };
  // tfjs passes a list of inputs (concat, einsum) as an array, and lists within the record (raggedGather).
  const cpuInputs: tf.NamedTensorInfoMap = Array.isArray(inputs) ? ([] as never) : {};
  for (const [name, info] of Object.entries<tf.TensorInfo | tf.TensorInfo[]>(inputs)) {
    if (info == null) continue;
    cpuInputs[name] = Array.isArray(info) ? (info.map(borrow) as never) : borrow(info);
  }
  try {
    const out = kernel.kernelFunc({ inputs: cpuInputs, backend: cpu, attrs });
    return Array.isArray(out) ? out.map((o) => fromCpu(b, cpu, o)) : fromCpu(b, cpu, out);
  } finally {
    for (const info of borrowed) cpu.disposeData(info.dataId);
  }
}

function toCpu(b: KernelBackend, cpu: Cpu, { dataId, shape, dtype }: tf.TensorInfo): tf.TensorInfo {
  if (dtype !== 'complex64') return { dataId: cpu.write(b.readSync(dataId), shape, dtype), shape, dtype };
  const parts = tf.backend_util.splitRealAndImagArrays(b.readSync(dataId) as Float32Array);
  const real = { dataId: cpu.write(parts.real, shape, 'float32'), shape, dtype: 'float32' as const };
  const imag = { dataId: cpu.write(parts.imag, shape, 'float32'), shape, dtype: 'float32' as const };
  const out = tf
    .getKernel('Complex', 'cpu')
    .kernelFunc({ inputs: { real, imag }, backend: cpu }) as tf.TensorInfo;
  cpu.disposeData(real.dataId);
  cpu.disposeData(imag.dataId);
  return out;
}

function fromCpu(b: KernelBackend, cpu: Cpu, info: tf.TensorInfo): tf.TensorInfo {
  if (b.owns(info.dataId)) return info; // some cpu kernels make their result with tfjs ops
  const { dataId, shape, dtype } = info;
  let out: tf.TensorInfo;
  if (dtype === 'complex64') {
    const { real, imag } = cpu.data.get(dataId).complexTensorInfos!;
    const parts = [real, imag].map((part) =>
      b.hostOutput(cpu.readSync(part.dataId).slice(), shape, 'float32'),
    );
    out = b.complexOutput(parts[0], parts[1]);
    for (const part of parts) b.disposeData(part.dataId);
  } else {
    out = b.hostOutput(cpu.readSync(dataId), shape, dtype);
  }
  cpu.disposeData(dataId);
  return out;
}
