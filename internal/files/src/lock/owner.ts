import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process that holds a lock, as its file says. */
export interface Owner {
  /** Of this one acquisition. */
  id: string;
  pid: number;
  host: string;
  /** Boot and process namespace in which `pid` counts; '' where the system does not tell. */
  space: string;
  /** When the process started, in ticks since the boot; '' where the system does not tell. */
  started: string;
  /** When the lock was taken, ISO 8601. */
  since: string;
}

/** This process, about to take a lock. */
export function thisProcess(): Owner {
  return {
    id: randomUUID(),
    pid: process.pid,
    host: hostname(),
    space: space(),
    started: processStat(process.pid)?.started ?? '',
    since: new Date().toISOString(),
  };
}

/** What a lock's file says; undefined where it is no such file, or not yet written to its end. */
export function parseOwner(text: string): Owner | undefined {
  let owner: Partial<Owner> | null;
  try {
    owner = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { pid, id, host, space, started, since } = owner ?? {};
  const isComplete = [id, host, space, started, since].every((field) => typeof field === 'string');
  return isComplete && Number.isSafeInteger(pid) && pid! > 0 ? (owner as Owner) : undefined;
}

/** Whether `pid` is a process that this one can look at: of the same machine, boot and namespace. */
export function isOfThisMachine({ host, space: there }: Owner): boolean {
  return host === hostname() && there === space();
}

/**
 * Whether a process of this machine still runs, and is not another one that was given the same number later, as far as it is
 * known when it `started`.
 */
export function isRunning({ pid, started = '' }: Pick<Owner, 'pid'> & { started?: string }): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false; // EPERM: it is another user's
  }
  const stat = processStat(pid);
  if (!stat) return true;
  const hasEnded = stat.state === 'Z' || stat.state === 'X'; // killed, and its parent has not looked yet
  return !hasEnded && (started === '' || started === stat.started);
}

function space(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return '';
  }
}

/** Linux only. */
function processStat(pid: number): { state: string; started: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // the name before may hold spaces and brackets
    return { state: fields[0]!, started: fields[19]! };
  } catch {
    return undefined;
  }
}
