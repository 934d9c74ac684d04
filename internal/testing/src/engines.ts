import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { executionProviders } from './providers.js';

const require = createRequire(import.meta.url);

/**
 * The engines that the tests of golden values run on, each in a process of its own: those in DDAD_TEST_ENGINES
 * (`ort,cpu`), else `ort` (with what ORT_TEST_PROVIDERS asks for) and those of TensorFlow that are installed.
 */
export const testEngines: readonly string[] = process.env.DDAD_TEST_ENGINES?.split(',') ?? [
  executionProviders[0] === 'cpu' ? 'ort' : `ort-${executionProviders[0]}`,
  ...(hasAddon('@tensorflow/tfjs-node') ? ['tensorflow'] : []),
  ...(hasAddon('@tensorflow/tfjs-node-gpu') && existsSync('/dev/nvidiactl') ? ['tensorflow-gpu'] : []),
];

/** The engine of this process, to give to `startEngine` of `@ddad/nn`. */
export const testEngine: string = process.env.DDAD_TEST_ENGINE ?? testEngines[0];

/** Against tests that hang; how long one takes depends on what else the machine does. */
const limit = 120_000;

/** Graphs are kept outside of the user's own cache. */
const graphs = join(tmpdir(), 'ddad-test-graphs');

/**
 * vitest's projects: all tests of a package once per engine, in processes that their files share, since most of their time was
 * loading the same modules again.
 *
 * @param options.alone patterns of the tests that need a process of their own
 */
export function engineProjects({ alone = [] }: { alone?: readonly string[] } = {}) {
  const projectOf = (name: string, files: { include?: string[]; exclude?: string[]; isolate: boolean }) => ({
    test: {
      ...{ name: files.isolate ? `${name}, alone` : name, ...files },
      env: { DDAD_TEST_ENGINE: name, DDAD_GRAPHS: graphs },
      ...{ testTimeout: limit, hookTimeout: limit },
    },
  });
  return testEngines.flatMap((name) => [
    projectOf(name, { exclude: ['**/node_modules/**', ...alone], isolate: false }),
    ...(alone.length ? [projectOf(name, { include: [...alone], isolate: true })] : []),
  ]);
}

function hasAddon(name: string): boolean {
  let folder: string;
  try {
    folder = join(dirname(require.resolve(`${name}/package.json`)), 'lib');
  } catch {
    return false;
  }
  return (
    existsSync(folder) &&
    readdirSync(folder).some((version) => existsSync(join(folder, version, 'tfjs_binding.node')))
  );
}
