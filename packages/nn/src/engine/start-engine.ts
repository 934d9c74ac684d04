import { checkOptions } from '@ddad/options';
import * as tf from '@tensorflow/tfjs';
import { type Precision, ProviderError, precisions } from 'tfjs-backend-ort';
import { automatic } from './automatic.js';
import { EngineError } from './engine-error.js';
import { type EngineName, engineNames, type NamedEngine } from './engine-names.js';
import { engines } from './engines.js';

export interface StartEngineOptions {
  /** One of {@link engineNames}. @default 'auto' */
  engine?: string;
  /** Threads of a CPU engine. @default the engine's choice */
  threads?: number | null;
  /**
   * `tf32`: `ort-cuda` may round what it multiplies to 10 bits, where it did not begin with float32; other engines compute in
   * float32 all the same. @default 'float32'
   */
  precision?: Precision;
  /** Told which engine `auto` took. */
  onNotice?: (message: string) => void;
}

/** What Node, Vite and browsers say of a package that is not there. */
const NOT_FOUND = /Cannot find (package|module)|Could not resolve|Failed to resolve module specifier/;

let running:
  | { engine: NamedEngine; threads: number | null; precision: Precision; backend: string }
  | undefined;

/** Engines by the tfjs backend that a program may have set up before it came here. */
const byBackend: Record<string, NamedEngine> = { ort: 'ort', tensorflow: 'tensorflow', webgpu: 'webgpu' };

/**
 * Makes an engine tfjs's backend. One that is running stays, if it is the one asked for: a new one would drop
 * the tensors that lie in it. `auto` keeps whichever runs, also a fast tfjs backend that the program set up itself;
 * with none, it takes the fastest that works.
 *
 * @returns the engine's name
 * @throws {EngineError} unknown, not installed (with the install command), or not working here
 */
export async function startEngine(options: StartEngineOptions = {}): Promise<NamedEngine> {
  checkOptions('startEngine', options, { engine: true, threads: true, precision: true, onNotice: true });
  const { engine = 'auto', threads = null, precision = 'float32', onNotice } = options;
  if (!engineNames.includes(engine as EngineName)) {
    throw new EngineError(`engine: needs one of ${engineNames.join(', ')}, got '${engine}'`);
  }
  if (!precisions.includes(precision)) {
    throw new EngineError(`precision: needs one of ${precisions.join(', ')}, got '${precision}'`);
  }
  if (engine !== 'auto') {
    const name = engine as NamedEngine;
    if (running?.engine === name && running.threads === threads && isAsExact(precision))
      return resume(running);
    return start(name, threads, precision);
  }
  if (running && (threads === null || running.threads === threads) && isAsExact(precision)) {
    return resume(running);
  }
  const own = byBackend[tf.engine().backendName];
  if (!running && own && threads === null) {
    onNotice?.(`engine: ${own}, which runs already`);
    return own;
  }
  const order = await automatic();
  const failures = new Map<NamedEngine, Error>();
  for (const name of order) {
    try {
      await start(name, threads, precision);
      onNotice?.(`engine: ${name}`);
      return name;
    } catch (error) {
      failures.set(name, error as Error);
    }
  }
  // that of the one that comes with the packages
  const told = failures.get('ort') ?? [...failures.values()].at(-1);
  throw new EngineError(`engine: none of ${order.join(', ')} works here: ${told?.message}`);
}

/** Whether what runs is as exact as `precision` asks. */
const isAsExact = (precision: Precision) => precision === 'tf32' || running?.precision === 'float32';

/** The program may have made another backend the current one meanwhile. */
async function resume({ engine, backend }: { engine: NamedEngine; backend: string }): Promise<NamedEngine> {
  await tf.setBackend(backend);
  return engine;
}

async function start(name: NamedEngine, threads: number | null, precision: Precision): Promise<NamedEngine> {
  const { needs, start, remedy } = engines[name];
  const before = tf.engine().backendName;
  try {
    await start(threads, precision);
    // Registering is not running: an engine without its device fails at the first operation.
    const four = tf.tidy(() => tf.add(tf.scalar(2), tf.scalar(2)));
    const [value] = await four.data();
    four.dispose();
    if (value !== 4) throw new Error(`it says 2 + 2 is ${value}`);
    const kept = name === 'ort-cuda' ? precision : 'float32';
    running = { engine: name, threads, precision: kept, backend: tf.getBackend() };
    return name;
  } catch (cause) {
    // Importing tfjs-node makes it the current backend, whether it has its device or not.
    if (before && tf.engine().backendName !== before && tf.findBackend(before)) await tf.setBackend(before);
    const { message } = cause as Error;
    if (needs && message.includes(needs) && NOT_FOUND.test(message)) {
      throw new EngineError(`engine ${name} is not installed`, {
        remedy: `run: npm install ${needs}`,
        installed: false,
        cause,
      });
    }
    const known =
      cause instanceof EngineError || cause instanceof ProviderError
        ? cause
        : { reason: firstLine(message), remedy };
    throw new EngineError(`engine ${name} does not work here: ${known.reason}`, {
      remedy: known.remedy,
      cause,
    });
  }
}

/** Without the place in ONNX Runtime's source and the condition that did not hold there. */
function firstLine(message: string): string {
  return message.split('\n')[0].replace(/^\/onnxruntime_src\/.* was false\. /, '');
}
