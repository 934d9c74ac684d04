import { type ChildProcess, spawn } from 'node:child_process';

export interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

export interface DdadOptions {
  cwd: string;
  /** Sees the process and what it has written to standard error, whenever it writes there. */
  onStderr?: (child: ChildProcess, stderr: string) => void;
}

const entry = JSON.stringify(new URL('../dist/index.js', import.meta.url).href);
const script = `import { main } from ${entry}; process.exitCode = await main(process.argv.slice(1));`;

/** Runs the built command line in a process of its own, without a terminal. */
export function ddad(args: string[], { cwd, onStderr }: DdadOptions): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, '--', ...args], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = { status: null as number | null, stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => {
      ended.stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      ended.stderr += chunk;
      onStderr?.(child, ended.stderr);
    });
    child.on('error', reject);
    child.on('close', (status) => resolve({ ...ended, status }));
  });
}
