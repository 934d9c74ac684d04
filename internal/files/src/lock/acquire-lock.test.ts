import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { acquireLock, LockedError } from './acquire-lock.js';
import { thisProcess } from './owner.js';

let root: string;
let folder: string;
let count = 0;
const children = new Set<ChildProcess>();
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'ddad-lock-'));
});
beforeEach(() => {
  folder = join(root, `${count++}`);
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(root, { recursive: true });
});

/** A process of its own with `acquireLock` as built, the folder, and `say`, which is waited for. */
function run(body: string): ChildProcess {
  const script = `
    import { acquireLock, LockedError } from ${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)};
    import { rmSync, writeFileSync } from 'node:fs';
    import { setTimeout } from 'node:timers/promises';
    const folder = ${JSON.stringify(folder)};
    const say = (line) => process.stdout.write(line + '\\n');
    ${body}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  child.on('exit', () => children.delete(child));
  return child;
}

const holder = `await acquireLock(folder); say('held'); await setTimeout(60_000);`;

async function said(child: ChildProcess): Promise<string> {
  const [line] = await once(child.stdout!, 'data');
  return String(line).trim();
}

async function ended(child: ChildProcess) {
  let errors = '';
  child.stderr!.on('data', (text) => {
    errors += text;
  });
  const [code, signal] = await once(child, 'exit');
  return { code, signal, errors };
}

const locks = async () => (await readdir(folder)).filter((file) => file.startsWith('.ddad-lock'));

/** Leaves a lock of somebody else behind. */
async function leave(owner: object | string, minutesAgo = 0): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, '.ddad-lock.1');
  await writeFile(path, typeof owner === 'string' ? owner : JSON.stringify({ ...thisProcess(), ...owner }));
  const time = new Date(Date.now() - 60_000 * minutesAgo);
  await utimes(path, time, time);
  return path;
}

test('one holds the folder, the next is told who, after release it is free', async () => {
  const lock = await acquireLock(folder);
  expect(await locks()).toEqual(['.ddad-lock.1']);
  const { since } = JSON.parse(await readFile(join(folder, '.ddad-lock.1'), 'utf8'));
  const second = acquireLock(folder);
  await expect(second).rejects.toThrow(LockedError);
  await expect(second).rejects.toThrow(
    `${folder} is in use by process ${process.pid} on ${hostname()} since ${since}; wait for its end, stop it, or use another folder`,
  );
  await expect(second).rejects.toMatchObject({
    folder,
    owner: { pid: process.pid, host: hostname(), since },
  });
  expect(await locks()).toEqual(['.ddad-lock.1']);
  await lock.release();
  await lock.release();
  expect(await locks()).toEqual([]);
  const again = await acquireLock(folder);
  await lock.release(); // not its own any more
  expect(await locks()).toEqual(['.ddad-lock.1']);
  await again.release();
});

test('another process is refused; after kill -9 of the holder the next goes on at once', async () => {
  const child = run(holder);
  expect(await said(child)).toBe('held');
  await expect(acquireLock(folder)).rejects.toThrow(`${folder} is in use by process ${child.pid} on`);
  const end = ended(child);
  child.kill('SIGKILL');
  await end;
  expect(await locks()).toEqual(['.ddad-lock.1']);
  const began = performance.now();
  const lock = await acquireLock(folder);
  expect(performance.now() - began).toBeLessThan(1000);
  expect(await locks()).toEqual(['.ddad-lock.2']);
  await lock.release();
  expect(await locks()).toEqual([]);
});

test.runIf(existsSync('/proc/self/stat'))(
  'a killed holder whose parent does not look holds nothing',
  async () => {
    const script = `"$0" --input-type=module -e '
    const { acquireLock } = await import(process.argv[1]);
    await acquireLock(process.argv[2]);
    console.log(process.pid);
    setInterval(() => {}, 1000);' "$1" "$2" & exec sleep 60`;
    const module = new URL('../../dist/index.js', import.meta.url).href;
    const parent = spawn('sh', ['-c', script, process.execPath, module, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.add(parent);
    const pid = Number(await said(parent));
    await expect(acquireLock(folder)).rejects.toThrow(`process ${pid} on`);
    process.kill(pid, 'SIGKILL');
    await vi.waitFor(async () => expect(await readFile(`/proc/${pid}/stat`, 'utf8')).toMatch(/\) Z /));
    await (await acquireLock(folder)).release();
    parent.kill('SIGKILL');
  },
);

test.runIf(existsSync('/proc/self/stat'))(
  'a number that was given to another process holds nothing',
  async () => {
    await leave({ pid: process.ppid, started: '1' });
    await (await acquireLock(folder)).release();
    expect(await locks()).toEqual([]);
  },
);

describe('a holder on another machine', () => {
  test.each([{ host: 'elsewhere' }, { space: 'before a reboot' }])(
    '%o counts as gone after 5 minutes of silence',
    async (other) => {
      const path = await leave({ ...other, pid: 4711 }, 2);
      await expect(acquireLock(folder)).rejects.toThrow(
        /in use by process 4711 on .*; it last gave a sign of life 1[12]\d s ago, after 300 s it counts as gone, or remove .*lock\.1 if you know/,
      );
      expect(await readdir(folder)).toEqual(['.ddad-lock.1']);
      await leave({ ...other, pid: 4711 }, 6);
      const lock = await acquireLock(folder);
      expect(existsSync(path)).toBe(false);
      await lock.release();
    },
  );

  test('gives signs of life, and is told where the lock was taken from it', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const lock = await acquireLock(folder);
      const path = join(folder, '.ddad-lock.1');
      const text = await readFile(path, 'utf8');
      const old = new Date(Date.now() - 100_000);
      await utimes(path, old, old);
      vi.advanceTimersByTime(20_000);
      await vi.waitFor(async () => {
        expect((await stat(path)).mtimeMs).toBeGreaterThan(Date.now() - 50_000);
      });
      expect(await readFile(path, 'utf8')).toBe(text);
      expect(lock.lost.aborted).toBe(false);
      const taken = text.replace(/"pid":\d+/, '"pid":4711');
      await writeFile(path, taken);
      vi.advanceTimersByTime(20_000);
      await vi.waitFor(() => expect(lock.lost.aborted).toBe(true));
      expect(lock.lost.reason.message).toMatch(`the lock of ${folder} is gone: another machine took it over`);
      await lock.release();
      expect(await readFile(path, 'utf8')).toBe(taken);
    } finally {
      vi.useRealTimers();
    }
  });
});

test.each(['', '{', '{"pid":-1}', 'null', '[]'])('a damaged lock (%s) holds for 5 minutes', async (text) => {
  await leave(text, 1);
  await expect(acquireLock(folder)).rejects.toThrow(
    `${folder} is in use by an unknown process; wait for its end`,
  );
  await leave(text, 6);
  await (await acquireLock(folder)).release();
});

describe('the lock goes with its process', () => {
  test.each([
    ['ends', ``, { code: 0, signal: null }],
    ['exits', `process.exit(3);`, { code: 3, signal: null }],
    ['fails', `throw new Error('on purpose');`, { code: 1, signal: null }],
    [
      'gets SIGINT',
      `process.kill(process.pid, 'SIGINT'); await setTimeout(60_000);`,
      { code: null, signal: 'SIGINT' },
    ],
    [
      'gets SIGTERM',
      `process.kill(process.pid, 'SIGTERM'); await setTimeout(60_000);`,
      { code: null, signal: 'SIGTERM' },
    ],
  ])('that %s', async (_, end, expected) => {
    const child = run(`await acquireLock(folder); await acquireLock(folder + '/inner'); ${end}`);
    expect(await ended(child)).toMatchObject(expected);
    expect(await locks()).toEqual([]);
    expect(await readdir(join(folder, 'inner'))).toEqual([]);
  });

  test('but not at a signal that the program handles itself', async () => {
    const child = run(`
      const { release } = await acquireLock(folder);
      process.on('SIGINT', async () => { say('saving'); await setTimeout(300); await release(); process.exit(130); });
      process.kill(process.pid, 'SIGINT');
      await setTimeout(60_000);`);
    expect(await said(child)).toBe('saving');
    await expect(acquireLock(folder)).rejects.toThrow(`process ${child.pid} on`);
    expect(await ended(child)).toMatchObject({ code: 130 });
    expect(await locks()).toEqual([]);
  });
});

test('says where no lock can be written', async () => {
  await mkdir(folder);
  const file = join(folder, 'file');
  await writeFile(file, '');
  await expect(acquireLock(file)).rejects.toThrow(
    `cannot write ${file}: a part of the path is a file, not a folder`,
  );
});

test('of processes that take it again and again, and are killed while they have it, never two have it', async () => {
  await mkdir(folder);
  const workers = Array.from({ length: 6 }, (_, worker) =>
    run(`
      for (let round = 0; round < 12;) {
        let lock;
        try { lock = await acquireLock(folder); }
        catch (error) { if (!(error instanceof LockedError)) throw error; await setTimeout(2); continue; }
        writeFileSync(folder + '/inside', '', { flag: 'wx' }); // fails where another is inside
        await setTimeout(1 + (7 * round + ${worker}) % 5);
        rmSync(folder + '/inside');
        if (round++ === ${3 * worker}) process.kill(process.pid, 'SIGKILL');
        await lock.release();
      }`),
  );
  const ends = await Promise.all(workers.map(ended));
  expect(ends.map(({ errors }) => errors).join('')).toBe('');
  expect(ends.map(({ code, signal }) => code ?? signal)).toEqual([...Array(4).fill('SIGKILL'), 0, 0]);
  await (await acquireLock(folder)).release();
  expect(await readdir(folder)).toEqual([]);
});
