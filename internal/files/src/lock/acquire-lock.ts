import { readFileSync, rmSync } from 'node:fs';
import { link, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { makeFolder } from '../make-folder.js';
import { writeError } from '../write-error.js';
import { isOfThisMachine, isRunning, type Owner, parseOwner, thisProcess } from './owner.js';
import { releaseAtExit } from './release-at-exit.js';

const name = /^\.ddad-lock\.(\d+)$/;
const temporaryName = /^\.ddad-lock\..+\.tmp$/;

/** How often a holder gives a sign of life, in ms. */
const beatEvery = 20_000;
/** After how long without one a holder on another machine counts as gone, in ms. */
const silentFor = 300_000;

export interface FolderLock {
  /** Aborted where another machine took the lock over, or somebody removed its file: stop writing into the folder. */
  readonly lost: AbortSignal;
  /** Gives the folder free; a second call does nothing. */
  release(): Promise<void>;
}

/** Somebody works in the folder. */
export class LockedError extends Error {
  override name = 'LockedError';
  /** The message without the remedy. */
  readonly reason: string;
  constructor(
    readonly folder: string,
    /** Undefined where the lock's file cannot be read. */
    readonly owner: { pid: number; host: string; since: string } | undefined,
    readonly remedy: string,
  ) {
    const who = owner ? `process ${owner.pid} on ${owner.host} since ${owner.since}` : 'an unknown process';
    const reason = `${folder} is in use by ${who}`;
    super(`${reason}; ${remedy}`);
    this.reason = reason;
  }
}

interface Lock {
  generation: number;
  path: string;
  text: string;
  owner: Owner | undefined;
  /** Since the last sign of life, in ms by the clock of the file system. */
  silence: number;
}

/**
 * Takes a folder for this process alone, or says at once who has it. The folder is made where it is missing.
 *
 * The lock is a file `.ddad-lock.<n>` in the folder, complete from the moment it is visible, with the process, its
 * machine and since when. It is removed by `release`, and when the process ends: by itself, by `process.exit`, by an
 * error that nobody caught, or by SIGINT, SIGTERM or SIGHUP where the program does not handle them itself.
 *
 * A process that could not remove its lock (`kill -9`, a power cut) does not block the next one. On the same machine its
 * end is seen at once: its number is no longer running, or was given to another process (told apart by when it started,
 * on Linux). A holder on another machine, in another container or before a reboot writes to its lock every 20 seconds
 * and counts as gone after 5 minutes of silence; `lost` tells it where it was only stopped for so long.
 *
 * It is not reentrant: a second call for the same folder in one process is refused, too.
 *
 * @throws {LockedError} the folder is in use: by whom, since when, and what to do
 * @throws {WriteError} no lock can be written there
 */
export async function acquireLock(folder: string): Promise<FolderLock> {
  // Not proper-lockfile: it knows a dead holder by a silence of 10 s or more alone, so that a kill blocks the next run
  // and a training step that keeps the event loop busy loses its lock; and it cannot say who holds it.
  const owner = thisProcess();
  const text = `${JSON.stringify(owner)}\n`;
  const temporary = join(folder, `.ddad-lock.${owner.id}.tmp`);
  try {
    await makeFolder(folder);
    await writeFile(temporary, text, { flag: 'wx' });
    try {
      return hold(folder, await take(folder, temporary, text), text);
    } finally {
      await rm(temporary, { force: true });
    }
  } catch (error) {
    throw writeError(folder, error);
  }
}

/**
 * Gives `temporary` the name of the generation after the stale ones, which only one process can do. It holds where after
 * that there is no other generation than its own and those it has seen to be stale; else both of two step back.
 */
async function take(folder: string, temporary: string, text: string): Promise<string> {
  const { mtimeMs: now } = await stat(temporary);
  for (let attempt = 1; ; attempt++) {
    const stale = await locksIn(folder, now);
    for (const lock of stale) if (!isGone(lock)) throw refusal(folder, lock);
    const path = join(folder, `.ddad-lock.${(stale.at(-1)?.generation ?? 0) + 1}`);
    if (!(await linkNew(temporary, path, text))) continue;
    const there = await locksIn(folder, now);
    const known = new Set(stale.map((lock) => lock.path + lock.text)).add(path + text);
    if (there.every((lock) => known.has(lock.path + lock.text))) {
      for (const lock of stale) await rm(lock.path, { force: true });
      return path;
    }
    await rm(path, { force: true });
    await setTimeout(1 + ((process.pid + 17 * attempt) % 40));
  }
}

/** By generation, ascending. Temporary files that were left behind are removed on the way. */
async function locksIn(folder: string, now: number): Promise<Lock[]> {
  const locks: Lock[] = [];
  for (const file of await readdir(folder)) {
    const generation = name.exec(file)?.[1];
    if (generation === undefined && !temporaryName.test(file)) continue;
    const path = join(folder, file);
    try {
      const [text, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
      const silence = now - mtimeMs;
      const owner = parseOwner(text);
      if (generation === undefined) {
        if (isGone({ owner, silence })) await rm(path, { force: true });
        continue;
      }
      locks.push({ generation: Number(generation), path, text, owner, silence });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return locks.sort((a, b) => a.generation - b.generation);
}

function isGone({ owner, silence }: Pick<Lock, 'owner' | 'silence'>): boolean {
  return owner && isOfThisMachine(owner) ? !isRunning(owner) : silence > silentFor;
}

function refusal(folder: string, { owner, path, silence }: Lock): LockedError {
  const wait = 'wait for its end, stop it, or use another folder';
  if (owner && isOfThisMachine(owner)) {
    const other = owner.started ? '' : `; if process ${owner.pid} is another program, remove ${path}`;
    return new LockedError(folder, owner, wait + other);
  }
  const seen = `it last gave a sign of life ${Math.max(0, Math.round(silence / 1000))} s ago, after 300 s it counts as gone`;
  return new LockedError(folder, owner, `${wait}; ${seen}, or remove ${path} if you know that it is`);
}

/** A new name for a file, or false where the name is taken. */
async function linkNew(from: string, to: string, text: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(code)) throw error;
  }
  try {
    await writeFile(to, text, { flag: 'wx' }); // a file system without links
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function hold(folder: string, path: string, text: string): FolderLock {
  const lost = new AbortController();
  const beat = setInterval(async () => {
    if (await giveSignOfLife(path, text)) return;
    clearInterval(beat);
    lost.abort(
      new Error(
        `the lock of ${folder} is gone: another machine took it over after 5 minutes without a sign of life, or ` +
          'somebody removed it',
      ),
    );
  }, beatEvery);
  beat.unref();
  const removeOwn = () => {
    clearInterval(beat);
    try {
      if (readFileSync(path, 'utf8') === text) rmSync(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  };
  const takeBack = releaseAtExit(removeOwn);
  return {
    lost: lost.signal,
    release: async () => {
      takeBack();
      removeOwn();
    },
  };
}

/** Writes the same text again, which sets the time by the file system's clock; false where the lock is not ours any more. */
async function giveSignOfLife(path: string, text: string): Promise<boolean> {
  try {
    const file = await open(path, 'r+');
    try {
      if ((await file.readFile('utf8')) !== text) return false;
      await file.write(text, 0);
      return true;
    } finally {
      await file.close();
    }
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT'; // a disk that fails for a moment is no loss
  }
}
