import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers';
import type * as Ort from 'onnxruntime-node';
import type { DType, HostArray } from '../../graph/value.js';
import { isUnreadableOutputError, UNREADABLE_OUTPUT } from '../../onnx/unreadable-output.js';
import { COPY_STRUCTURE, copyModel } from '../copy-model.js';
import { Owner } from '../owner.js';
import type { Device, Runtime, Session, SessionOptions, SessionResult } from '../runtime.js';
import { turns } from '../turns.js';
import { warnOfMemory } from '../warn-of-memory.js';
import { WEBGPU_MAX_OUTPUTS } from '../webgpu-limits.js';
import { convolutionBlock } from './convolution-block.js';
import { adoptForeignRealm, type TensorMaker } from './foreign-realm.js';
import { idleOptimizers } from './idle-optimizers.js';
import { KeptGraphs, type Opening } from './kept-graphs.js';
import { modelFolder } from './model-folder.js';
import { fileStash } from './stash.js';

type Feeds = Record<string, Ort.Tensor>;

/** onnxruntime-node's synchronous inner session; its public `run` wraps this in a promise. */
interface NativeSession {
  loadModel(buffer: ArrayBufferLike, byteOffset: number, byteLength: number, options: object): void;
  loadModel(path: string, options: object): void;
  run(feeds: Feeds, fetches: Record<string, Ort.Tensor | null>, options: object): Record<string, Ort.Tensor>;
  dispose(): void;
}
interface NativeBinding {
  binding: { InferenceSession: new () => NativeSession } & TensorMaker;
  initOrt(): void;
}

/**
 * ONNX Runtime's native library, from the npm package onnxruntime-node. With the provider `webgpu` results stay on
 * the device; the other providers hand them back to the host.
 *
 * @param options.graphCache folder that keeps large graphs as they were optimised; null for none
 * @throws if the package is missing, has no binary for this platform, or is not the version needed
 */
export function nodeRuntime({
  executionProviders,
  graphCache,
}: {
  executionProviders: readonly string[];
  graphCache: string | null;
}): Runtime {
  const { ort, native } = loadBinding();
  ort.env.logLevel = 'fatal'; // what fails is thrown
  native.initOrt();
  adoptForeignRealm(native.binding, ort.Tensor);
  const onDevice = executionProviders[0] === 'webgpu';
  const isCpu = executionProviders[0] === 'cpu';
  const graphs =
    graphCache !== null && isCpu && executionProviders.length === 1
      ? new KeptGraphs(graphCache, { version: ort.env.versions.node ?? '' })
      : undefined;

  const loadNative = (
    model: Uint8Array | string,
    {
      threads,
      cpuNodes,
      spin = false,
      structure,
    }: Pick<SessionOptions, 'threads' | 'cpuNodes' | 'spin' | 'structure'>,
    outputLocation: 'cpu' | 'gpu-buffer',
    {
      externalData = [],
      kept = false,
      saveTo,
    }: Opening & { externalData?: { path: string; data: Uint8Array }[] } = {},
  ): NativeSession => {
    const session = new native.binding.InferenceSession();
    const options = {
      executionProviders: executionProviders.map((name) =>
        name === 'webgpu' && cpuNodes.length > 0 ? { name, forceCpuNodeNames: [...cpuNodes] } : name,
      ),
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      extra: {
        session: {
          ...(spin ? {} : THREADS_BLOCK),
          ...(saveTo === undefined ? {} : { save_model_format: 'ORT' }),
        },
        ...without(idleOptimizers({ ...structure, isCpu })),
      },
      ...(saveTo === undefined ? {} : { optimizedModelFilePath: saveTo }),
      // The pattern's block would lie beside the arena of the first run: twice the memory for no time.
      enableMemPattern: false,
      graphOptimizationLevel: kept ? 'disabled' : 'all',
      logSeverityLevel: 3,
      ...(externalData.length > 0 ? { externalData } : {}),
      ...(outputLocation === 'cpu' ? {} : { preferredOutputLocation: outputLocation }),
    };
    if (typeof model === 'string') session.loadModel(model, options);
    else session.loadModel(model.buffer, model.byteOffset, model.byteLength, options);
    return session;
  };

  const sessionOf = (session: NativeSession, options: SessionOptions): Session => {
    const owner = new Owner<Ort.Tensor>(() => session.dispose());
    const fetches = Object.fromEntries(options.outputNames.map((name) => [name, null]));
    const byName = (feeds: readonly unknown[]): Feeds => {
      const named: Feeds = {};
      options.inputNames.forEach((name, i) => {
        named[name] = feeds[i] as Ort.Tensor;
      });
      return named;
    };
    const runSync = (feeds: readonly unknown[]): SessionResult[] => {
      const results = session.run(byName(feeds), fetches, {});
      return options.outputNames.map((name) => {
        const handle = results[name];
        if (handle.location === 'cpu') return { data: handle.data as HostArray, handle };
        owner.adopt(handle);
        return { data: null, handle };
      });
    };
    const runInto = (feeds: readonly unknown[], into: readonly unknown[]): void => {
      const given: Record<string, Ort.Tensor | null> = { [UNREADABLE_OUTPUT]: null };
      options.outputNames.forEach((name, i) => {
        given[name] = into[i] as Ort.Tensor;
      });
      try {
        session.run(byName(feeds), given, {});
      } catch (error) {
        if (!isUnreadableOutputError(error)) throw error;
      }
    };
    return {
      run: async (feeds) => runSync(feeds),
      runSync,
      ...(onDevice ? {} : { runInto }),
      dispose: () => owner.close(),
    };
  };

  const location = onDevice ? 'gpu-buffer' : 'cpu';
  const loadSync = (model: Uint8Array, options: SessionOptions): Session =>
    sessionOf(loadNative(model, options, location), options);

  const load = async (model: Uint8Array, options: SessionOptions): Promise<Session> => {
    const { externalData = [] } = options;
    if (externalData.reduce((sum, { byteLength }) => sum + byteLength, 0) >= WORTH_A_FILE) {
      const folder = await modelFolder(model, externalData).catch(warnOfMemory);
      if (folder) {
        try {
          return sessionOf(loadNative(folder.path, options, location), options);
        } finally {
          folder.remove();
        }
      }
    }
    const data: { path: string; data: Uint8Array }[] = [];
    for (const { path, read } of externalData) data.push({ path, data: await read() });
    const open = (bytes: Uint8Array, opening: Opening) =>
      loadNative(bytes, options, location, { ...opening, externalData: data });
    if (!graphs || !options.keep || data.length > 0 || model.length < WORTH_KEEPING)
      return sessionOf(open(model, {}), options);
    const settings = [...idleOptimizers({ ...options.structure, isCpu }), `blocks of ${blockChannels()}`];
    return sessionOf(await graphs.load(model, settings, open), options);
  };

  const wrap = (dtype: DType, shape: readonly number[], data: HostArray) =>
    new ort.Tensor(dtype, data as Float32Array, shape as number[]);
  let block: { channels: number | undefined } | undefined;
  const blockChannels = () => {
    block ??= { channels: convolutionBlock(loadSync, wrap) };
    return block.channels;
  };

  return {
    description: `onnxruntime-node ${ort.env.versions.node ?? ''} (${executionProviders.join(', ')})`,
    isCpu,
    load,
    loadSync,
    turn,
    stash: fileStash,
    wrap,
    convolutionBlock: () => (isCpu ? blockChannels() : undefined),
    runsInto: !onDevice,
    maxOutputs: onDevice ? WEBGPU_MAX_OUTPUTS : undefined,
    device: onDevice
      ? deviceOf((dtype, to) =>
          loadNative(copyModel(dtype), { threads: 1, cpuNodes: [], structure: COPY_STRUCTURE }, to),
        )
      : undefined,
  };
}

const turn = turns(setImmediate);

/** Threads without work wait asleep: spinning, they take the processor from whatever else runs (decision 0010). */
const THREADS_BLOCK = { intra_op: { allow_spinning: '0' } };

const without = (optimizers: readonly string[]) => ({
  optimization: { disable_specified_optimizers: optimizers.join(';') },
});

/** Bytes of constants from which a model is loaded from a file. */
const WORTH_A_FILE = 1 << 24;

/** Bytes of a model from which its graph is kept: about a thousand nodes, a tenth of a second to load. */
const WORTH_KEEPING = 1 << 15;

export function defaultThreads(): number {
  return availableParallelism();
}

/** Values come and go through sessions that copy: the binding's own download throws. */
function deviceOf(load: (dtype: DType, outputLocation: 'cpu' | 'gpu-buffer') => NativeSession): Device {
  const sessions = new Map<string, NativeSession>();
  const copy = (tensor: Ort.Tensor, outputLocation: 'cpu' | 'gpu-buffer'): Ort.Tensor => {
    const key = `${tensor.type} ${outputLocation}`;
    let session = sessions.get(key);
    if (!session) {
      session = load(tensor.type as DType, outputLocation);
      sessions.set(key, session);
    }
    return session.run({ x: tensor }, { y: null }, {}).y;
  };
  const downloadSync = (handle: unknown) => copy(handle as Ort.Tensor, 'cpu').data as HostArray;
  return {
    download: async (handle) => downloadSync(handle),
    downloadSync,
    upload: (handle) => copy(handle as Ort.Tensor, 'gpu-buffer'),
    dispose: (handle) => Owner.release(handle as Ort.Tensor),
  };
}

function loadBinding(): { ort: typeof Ort; native: NativeBinding } {
  const require = createRequire(import.meta.url);
  const ort = require('onnxruntime-node') as typeof Ort;
  const loaded = require('onnxruntime-node/dist/binding.js') as Partial<NativeBinding>;
  const session = loaded.binding?.InferenceSession;
  if (typeof loaded.initOrt !== 'function' || typeof session?.prototype?.run !== 'function') {
    throw new Error(
      `tfjs-backend-ort: needs the inner session of onnxruntime-node 1.30, but the installed ` +
        `${ort.env.versions.node ?? 'version'} has none. Install onnxruntime-node@1.30.0.`,
    );
  }
  return { ort, native: loaded as NativeBinding };
}
