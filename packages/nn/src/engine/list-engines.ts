import { checkOptions } from '@ddad/options';
import type { EngineStatus } from './check-engine.js';
import type { NamedEngine } from './engine-names.js';
import { engines } from './engines.js';

export interface ListEnginesOptions {
  /** The engines to try. @default all of them */
  names?: readonly NamedEngine[];
  /** Called with each as soon as it was tried. */
  onEngine?: (engine: EngineStatus) => void;
}

/** Tries engines one after the other, each in a process of its own, fastest first. Node only. */
export async function listEngines(options: ListEnginesOptions = {}): Promise<EngineStatus[]> {
  checkOptions('listEngines', options, { names: true, onEngine: true });
  const { names = Object.keys(engines) as NamedEngine[], onEngine } = options;
  const found: EngineStatus[] = [];
  for (const name of names) {
    const engine = await tryEngine(name);
    onEngine?.(engine);
    found.push(engine);
  }
  return found;
}

async function tryEngine(name: NamedEngine): Promise<EngineStatus> {
  const { spawn } = await import('node:child_process');
  const { createRequire } = await import('node:module');
  const { pathToFileURL } = await import('node:url');
  const self = pathToFileURL(createRequire(import.meta.url).resolve('@ddad/nn')).href;
  const script = `import { checkEngine } from ${JSON.stringify(self)};
    console.log('\\n' + JSON.stringify(await checkEngine(${JSON.stringify(name)})));
    process.exit(0);`;
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    let complained = '';
    child.stdout.on('data', (chunk) => {
      said += chunk;
    });
    child.stderr.on('data', (chunk) => {
      complained += chunk;
    });
    const broken = (reason: string) =>
      resolve({
        name,
        installed: true,
        works: false,
        status: `engine ${name} does not work here: ${reason}`,
        remedy: engines[name].remedy,
      });
    child.on('error', (error) => broken(error.message));
    child.on('close', (code, signal) => {
      if (code === 0) return resolve(JSON.parse(said.trim().split('\n').at(-1)!));
      const lastWords =
        complained
          .trim()
          .split('\n')
          .findLast((line) => /error/i.test(line)) ?? '';
      broken(`its process ended with ${signal ?? `code ${code}`}${lastWords && `: ${lastWords.trim()}`}`);
    });
  });
}
