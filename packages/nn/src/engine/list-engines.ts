import type { NamedEngine } from './engine-names.js';
import { engines } from './engines.js';

/** An engine and whether it works on this machine. */
export interface EngineStatus {
  name: NamedEngine;
  works: boolean;
  /** `works`, or why not. */
  status: string;
}

/** Tries every engine, each in a process of its own, fastest first. Node only. */
export function listEngines(): Promise<EngineStatus[]> {
  return Promise.all((Object.keys(engines) as NamedEngine[]).map(tryEngine));
}

async function tryEngine(name: NamedEngine): Promise<EngineStatus> {
  const { spawn } = await import('node:child_process');
  const { createRequire } = await import('node:module');
  const { pathToFileURL } = await import('node:url');
  const self = pathToFileURL(createRequire(import.meta.url).resolve('@ddad/nn')).href;
  const script = `import { startEngine } from ${JSON.stringify(self)};
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
