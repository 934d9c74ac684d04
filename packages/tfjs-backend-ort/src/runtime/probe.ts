import { COPY_STRUCTURE, copyModel } from './copy-model.js';
import type { Runtime } from './runtime.js';

/** @throws if the runtime does not copy two numbers as they are */
export async function probe(runtime: Runtime): Promise<void> {
  const options = {
    inputNames: ['x'],
    outputNames: ['y'],
    cpuNodes: [],
    structure: COPY_STRUCTURE,
    threads: 1,
  };
  const session = await runtime.load(copyModel('float32'), options);
  const [{ data, handle }] = await session.run([runtime.wrap('float32', [2], Float32Array.of(1, 2))]);
  const values = data ?? (await runtime.device!.download(handle));
  if (!data) runtime.device!.dispose(handle);
  session.dispose();
  if (values[0] !== 1 || values[1] !== 2) {
    throw new Error(`tfjs-backend-ort: ${runtime.description} copied [1, 2] as [${values}].`);
  }
}
