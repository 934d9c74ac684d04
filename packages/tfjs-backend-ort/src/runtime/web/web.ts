import type * as Ort from 'onnxruntime-web';
import type { DType, HostArray } from '../../graph/value.js';
import { copyModel } from '../copy-model.js';
import { Owner } from '../owner.js';
import type { Runtime, Session, SessionOptions } from '../runtime.js';
import { turns } from '../turns.js';
import { WEBGPU_MAX_OUTPUTS } from '../webgpu-limits.js';

type Module = Pick<typeof Ort, 'env' | 'InferenceSession' | 'Tensor'>;

/** The thread count is part of WebAssembly's start, which happens once. */
let startedThreads: number | undefined;

/**
 * ONNX Runtime as WebAssembly, from the npm package onnxruntime-web. With the provider `webgpu` results stay on the
 * device. One run at a time: the package refuses others.
 */
export async function webRuntime(
  load: () => Promise<Module | { default: Module }>,
  {
    executionProviders,
    threads,
    wasmPaths,
  }: {
    executionProviders: readonly string[];
    threads: number;
    wasmPaths?: string | { mjs: string; wasm: string };
  },
): Promise<Runtime> {
  const foreign = executionProviders.find((name) => name !== 'cpu' && name !== 'webgpu');
  if (foreign) {
    throw new Error(`initOrt: onnxruntime-web has the providers cpu and webgpu, but got '${foreign}'.`);
  }
  if (startedThreads !== undefined && startedThreads !== threads) {
    throw new Error(
      `initOrt: onnxruntime-web runs with ${startedThreads} threads until the page is loaded again, but got ${threads}.`,
    );
  }
  const ort = await loadModule(load);
  ort.env.logLevel = 'error';
  ort.env.wasm.numThreads = threads;
  if (wasmPaths !== undefined) ort.env.wasm.wasmPaths = wasmPaths;
  const onDevice = executionProviders[0] === 'webgpu';

  let tail: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(fn: () => Promise<T>): Promise<T> => {
    const result = tail.then(fn);
    tail = result.catch(() => undefined); // the caller sees the error; the next call starts afresh
    return result;
  };

  const create = async (
    model: Uint8Array,
    { cpuNodes }: Pick<SessionOptions, 'cpuNodes'>,
    data: { path: string; data: Uint8Array }[] = [],
  ): Promise<Ort.InferenceSession> => {
    const session = await ort.InferenceSession.create(model, {
      executionProviders: executionProviders.map((name) => {
        if (name === 'cpu') return 'wasm';
        return cpuNodes.length > 0 ? { name, forceCpuNodeNames: [...cpuNodes] } : name;
      }),
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
      ...(data.length > 0 ? { externalData: data } : {}),
      ...(onDevice ? { preferredOutputLocation: 'gpu-buffer' } : {}),
    });
    startedThreads = threads;
    return session;
  };

  // The device lives as long as a session on it: this one stays, for the tensors of all the others.
  if (onDevice) await create(copyModel('float32'), { cpuNodes: [] });
  const gpu = onDevice ? await ort.env.webgpu.device : undefined;

  return {
    description: `onnxruntime-web ${ort.env.versions.web ?? ''} (${executionProviders.join(', ')})`,
    isCpu: !onDevice,
    load: async (model, options): Promise<Session> => {
      // Before its turn: what is read may have to be computed first.
      const data: { path: string; data: Uint8Array }[] = [];
      for (const { path, read } of options.externalData ?? []) data.push({ path, data: await read() });
      const session = await inTurn(() => create(model, options, data));
      const owner = new Owner<Ort.Tensor>(() => void inTurn(() => session.release()));
      return {
        run: (feeds) =>
          inTurn(async () => {
            const named = Object.fromEntries(
              options.inputNames.map((name, i) => [name, feeds[i] as Ort.Tensor]),
            );
            const results = await session.run(named);
            return options.outputNames.map((name) => {
              const handle = results[name];
              if (handle.location === 'cpu') return { data: handle.data as HostArray, handle };
              owner.adopt(handle);
              return { data: null, handle };
            });
          }),
        dispose: () => owner.close(),
      };
    },
    runsInto: false,
    turn,
    wrap: (dtype: DType, shape: readonly number[], data: HostArray) =>
      new ort.Tensor(dtype, data as Float32Array, shape as number[]),
    maxOutputs: onDevice ? WEBGPU_MAX_OUTPUTS : undefined,
    device: onDevice
      ? {
          download: (handle) => inTurn(async () => (await (handle as Ort.Tensor).getData()) as HostArray),
          upload: (handle) => upload(ort, gpu!, handle as Ort.Tensor),
          dispose: (handle) => Owner.release(handle as Ort.Tensor),
        }
      : undefined,
  };
}

/** A storage buffer with a tensor's elements; ONNX Runtime wants its size in 16 bytes. */
function upload(ort: Module, device: GPUDevice, tensor: Ort.Tensor): Ort.Tensor {
  const { buffer, byteOffset, byteLength } = tensor.data as HostArray;
  const { COPY_DST, COPY_SRC, STORAGE } = GPUBufferUsage;
  const gpuBuffer = device.createBuffer({
    size: Math.ceil(byteLength / 16) * 16,
    usage: STORAGE | COPY_SRC | COPY_DST,
    mappedAtCreation: true,
  });
  new Uint8Array(gpuBuffer.getMappedRange()).set(new Uint8Array(buffer, byteOffset, byteLength));
  gpuBuffer.unmap();
  return ort.Tensor.fromGpuBuffer(gpuBuffer, {
    dataType: tensor.type as 'float32',
    dims: tensor.dims,
    dispose: () => gpuBuffer.destroy(),
  });
}

const turn = turns((callback) => {
  const { port1, port2 } = new MessageChannel();
  const done = () => {
    port1.close();
    callback();
  };
  port1.addEventListener('message', done);
  port1.start();
  port2.postMessage(null);
});

async function loadModule(load: () => Promise<Module | { default: Module }>): Promise<Module> {
  let loaded: Module | { default: Module };
  try {
    loaded = await load();
  } catch (error) {
    throw new Error('initOrt: needs the package onnxruntime-web here. Run: npm install onnxruntime-web', {
      cause: error,
    });
  }
  return 'InferenceSession' in loaded ? loaded : loaded.default;
}
