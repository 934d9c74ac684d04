import { existsSync } from 'node:fs';
import { copyFile, link, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Manifest, manifestName, openSource, UserError } from '@ddad/detector';
import { replaceFile } from '@ddad/files';

/** A state of a detector; none is ever altered. */
export interface Version {
  /** 1 is what the station was given, later ones count up. */
  version: number;
  /** ISO 8601. */
  createdAt: string;
  /** What made it: `given`, `threshold`, `roi`, `recalibrated`, `replaced`. */
  cause: string;
  /** Folder or file, for `Detector.load`. */
  place: string;
}

interface Record {
  createdAt: string;
  cause: string;
}

const bundleName = 'detector.ddad';
const recordName = 'version.json';

/**
 * The versions of one detector: `<folder>/versions/<n>/` is a whole detector each (weights that did not change are hard
 * links), `<folder>/active.json` says which one is used. Nothing is written before there is a second version.
 */
export class VersionStore {
  readonly folder: string;
  readonly #versions: Version[];
  #active: number;

  private constructor(folder: string, versions: Version[], active: number) {
    this.folder = folder;
    this.#versions = versions;
    this.#active = active;
  }

  /** @param given the place of version 1, which stays where it is */
  static async open(folder: string, given: Omit<Version, 'version' | 'cause'>): Promise<VersionStore> {
    const versions: Version[] = [{ ...given, version: 1, cause: 'given' }];
    for (const number of await numbersIn(join(folder, 'versions'))) {
      const own = join(folder, 'versions', String(number));
      const { createdAt, cause } = JSON.parse(await readFile(join(own, recordName), 'utf8')) as Record;
      versions.push({ version: number, createdAt, cause, place: placeIn(own) });
    }
    const path = join(folder, 'active.json');
    const active = existsSync(path)
      ? (JSON.parse(await readFile(path, 'utf8')) as { version: number }).version
      : 1;
    if (!versions.some(({ version }) => version === active)) {
      throw new UserError(`${path} names version ${active}, which is not in ${join(folder, 'versions')}`, {
        code: 'detector',
        remedy: 'remove the file, or bring the version back',
      });
    }
    return new VersionStore(folder, versions, active);
  }

  list(): readonly Version[] {
    return this.#versions;
  }

  get(version: number): Version | undefined {
    return this.#versions.find((each) => each.version === version);
  }

  get active(): Version {
    return this.get(this.#active)!;
  }

  /**
   * A new version of the active one, with another manifest.
   *
   * @param options.files what the manifest names and the active version's folder does not have
   */
  derive(
    manifest: Manifest,
    { cause, files = new Map() }: { cause: string; files?: ReadonlyMap<string, Uint8Array> },
  ): Promise<Version> {
    const from = this.active.place;
    return this.#add(cause, async (folder) => {
      const named = [manifest.unet, manifest.features, manifest.memory].flatMap((each) => each?.file ?? []);
      const bundle = (await stat(from)).isFile() ? await openSource('serve', from) : undefined;
      for (const name of named) {
        const bytes = files.get(name) ?? (await bundle?.read(name));
        if (bytes) await replaceFile(join(folder, name), bytes);
        else await linkOrCopy(join(from, name), join(folder, name));
      }
      await replaceFile(join(folder, manifestName), JSON.stringify(manifest, null, 2));
    });
  }

  /** A new version that is the file at `path`, which moves into the store. */
  adopt(path: string, { cause }: { cause: string }): Promise<Version> {
    return this.#add(cause, (folder) => rename(path, join(folder, bundleName)));
  }

  /** Says which version is used, now and after a restart. */
  async activate(version: number): Promise<void> {
    await replaceFile(join(this.folder, 'active.json'), JSON.stringify({ version }));
    this.#active = version;
  }

  /** Takes back a version that turned out not to load. */
  async remove(version: number): Promise<void> {
    const at = this.#versions.findIndex((each) => each.version === version);
    this.#versions.splice(at, 1);
    await rm(join(this.folder, 'versions', String(version)), { recursive: true });
  }

  async #add(cause: string, fill: (folder: string) => Promise<void>): Promise<Version> {
    const version = this.#versions.at(-1)!.version + 1;
    const folder = join(this.folder, 'versions', String(version));
    const made = `${folder}.tmp`;
    const record: Record = { createdAt: new Date().toISOString(), cause };
    await rm(made, { recursive: true, force: true });
    await mkdir(made, { recursive: true });
    await fill(made);
    await replaceFile(join(made, recordName), JSON.stringify(record));
    await rename(made, folder);
    const added = { version, ...record, place: placeIn(folder) };
    this.#versions.push(added);
    return added;
  }
}

function placeIn(folder: string): string {
  const bundle = join(folder, bundleName);
  return existsSync(bundle) ? bundle : folder;
}

async function numbersIn(folder: string): Promise<number[]> {
  if (!existsSync(folder)) return [];
  const names = await readdir(folder);
  return names
    .map((name) => basename(name))
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch {
    await copyFile(from, to);
  }
}
