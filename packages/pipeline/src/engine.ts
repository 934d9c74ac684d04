import { spawn } from 'node:child_process';
import util from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { initOrt } from 'tfjs-backend-ort';
import { engineNames } from './config/schema.js';
import type { RunOptions } from './progress.js';
import { UserError } from './user-error.js';

/** Name of an engine; `auto` takes the fastest that works. */
export type EngineName = (typeof engineNames)[number];
type NamedEngine = Exclude<EngineName, 'auto'>;

interface Engine {
  /** Package that must be installed beside this one. */
  needs?: string;
  start(threads: number | null): Promise<void>;
}

const ort = (...executionProviders: string[]): Engine => ({
  start: (threads) => initOrt({ executionProviders, ...(threads === null ? {} : { threads }) }),
});

/** An engine that registers a tfjs backend when its package is imported. */
const tfjsBackend = (needs: string, backend: string): Engine => ({
  needs,
  async start() {
    await import(needs);
    if (!(await tf.setBackend(backend))) throw new Error(`tfjs cannot start its backend ${backend}`);
  },
});

/** Fastest first. */
const engines: Record<NamedEngine, Engine> = {
  'tensorflow-gpu': tfjsNode('@tensorflow/tfjs-node-gpu'),
  'ort-cuda': ort('cuda', 'cpu'),
  'ort-webgpu': ort('webgpu', 'cpu'),
  webgpu: tfjsBackend('@tensorflow/tfjs-backend-webgpu', 'webgpu'),
  ort: ort('cpu'),
  tensorflow: tfjsNode('@tensorflow/tfjs-node'),
  wasm: tfjsBackend('@tensorflow/tfjs-backend-wasm', 'wasm'),
  cpu: { start: async () => void (await tf.setBackend('cpu')) },
};

function tfjsNode(needs: string): Engine {
  const engine = tfjsBackend(needs, 'tensorflow');
  return {
    ...engine,
    start(threads) {
      // tfjs-node calls what Node 23 removed.
      const legacy = util as { isNullOrUndefined?: (value: unknown) => boolean };
      legacy.isNullOrUndefined ??= (value) => value === null || value === undefined;
      return engine.start(threads);
    },
  };
}

/** What `auto` tries, in this order: never the plain `cpu`, which is far too slow to train with. */
const automatic: NamedEngine[] = ['tensorflow-gpu', 'ort', 'tensorflow', 'wasm'];

let running: { engine: NamedEngine; threads: number | null } | undefined;

/**
 * Makes an engine tfjs's backend. One that is running stays, if it is the one asked for: a new one would drop
 * the tensors that lie in it.
 *
 * @returns the engine's name
 * @throws {UserError} unknown, not installed (with the install command), or not working here
 */
export async function startEngine(
  { engine = 'auto', threads = null }: { engine?: string; threads?: number | null } = {},
  { onNotice }: Pick<RunOptions, 'onNotice'> = {},
): Promise<NamedEngine> {
  if (!engineNames.includes(engine as EngineName)) {
    throw new UserError(`engine: needs one of ${engineNames.join(', ')}, got '${engine}'`);
  }
  if (engine !== 'auto') {
    const name = engine as NamedEngine;
    if (running?.engine === name && running.threads === threads) return name;
    await start(name, threads);
    running = { engine: name, threads };
    return name;
  }
  if (running && (threads === null || running.threads === threads)) return running.engine;
  let last: unknown;
  for (const name of automatic) {
    try {
      await start(name, threads);
      running = { engine: name, threads };
      onNotice?.(`engine: ${name}`);
      return name;
    } catch (error) {
      last = error;
    }
  }
  throw new UserError(`engine: none of ${automatic.join(', ')} works here: ${(last as Error).message}`);
}

async function start(name: NamedEngine, threads: number | null): Promise<void> {
  const { needs, start } = engines[name];
  try {
    await start(threads);
    // Registering is not running: an engine without its device fails at the first operation.
    const four = tf.tidy(() => tf.add(tf.scalar(2), tf.scalar(2)));
    const [value] = await four.data();
    four.dispose();
    if (value !== 4) throw new Error(`it says 2 + 2 is ${value}`);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (needs && code === 'ERR_MODULE_NOT_FOUND' && message.includes(needs)) {
      throw new UserError(`engine ${name} is not installed; run: npm install ${needs}`, { cause: error });
    }
    throw new UserError(`engine ${name} does not work here: ${message.split('\n')[0]}`, { cause: error });
  }
}

/** An engine and whether it works on this machine. */
export interface EngineStatus {
  name: NamedEngine;
  works: boolean;
  /** `works`, or why not. */
  status: string;
}

/** Tries every engine, each in a process of its own, fastest first. */
export function listEngines(): Promise<EngineStatus[]> {
  return Promise.all((Object.keys(engines) as NamedEngine[]).map(tryEngine));
}

function tryEngine(name: NamedEngine): Promise<EngineStatus> {
  const script = `import { startEngine } from ${JSON.stringify(import.meta.url)};
    try { await startEngine({ engine: ${JSON.stringify(name)} }); process.exit(0); }
    catch (error) { console.log('\\n' + error.message); process.exit(1); }`;
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk;
    });
    child.on('error', (error) => resolve({ name, works: false, status: error.message }));
    child.on('close', (code) => {
      const reason = said.trim().split('\n').at(-1) || 'its process ended without a word';
      resolve({ name, works: code === 0, status: code === 0 ? 'works' : reason });
    });
  });
}
