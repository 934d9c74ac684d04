import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { checkOptions } from '@ddad/detector';
import type { Detection } from '../schemas.js';
import { lockFolder } from './lock-folder.js';
import { openSinks, type SinksOptions } from './open-sinks.js';
import type { Judged } from './verdict.js';

/** Where a station's verdicts go. */
export interface VerdictsOptions extends Pick<SinksOptions, 'folder' | 'webhook' | 'mqtt'> {
  /** Write each picture with heat map and framed regions to `<folder>/overlays`. @default false */
  overlays?: boolean;
}

/** What a station tells of the pictures it judges. */
export interface Telling {
  overlays: boolean;
  /**
   * Takes what a picture was answered with: it is on the disk when this returns, and on its way to the receivers. Every
   * answer is a verdict of its own, also of a picture that came before.
   *
   * @param picture.bytes of its file
   * @param picture.overlay JPEG
   */
  tell(detection: Detection, picture: { bytes: number; overlay?: Uint8Array }): Promise<void>;
  close(): Promise<void>;
}

/** @throws {UserError} options that cannot be; a folder that another process has, or with files of something else */
export async function openTelling(
  options: VerdictsOptions,
  onNotice: (message: string) => void,
): Promise<Telling> {
  checkOptions('serve, option verdicts', options, {
    ...{ folder: true, overlays: true, webhook: true, mqtt: true },
  });
  const { folder, overlays = false, webhook, mqtt } = options;
  const lock = await lockFolder(resolve(folder));
  const sinks = await openSinks({ folder, webhook, mqtt, onNotice }).catch(async (error) => {
    await lock.release();
    throw error;
  });
  const source = `${hostname()}\0${resolve(folder)}\0${new Date().toISOString()}`;
  let told = 0;
  return {
    overlays,
    async tell(detection, { bytes, overlay }) {
      lock.lost.throwIfAborted();
      const { detector, image, score, threshold, anomalous, foreign, regions } = detection;
      const { name, sha256, width, height } = image;
      const id = createHash('sha256').update(`${source}\0${told++}\0${sha256}`).digest('hex').slice(0, 32);
      const verdict: Judged = {
        ...{ id, time: new Date().toISOString(), detector },
        image: { path: name ?? sha256, sha256, bytes, width, height },
        ...{ score, threshold, anomalous },
        ...(foreign !== null && { foreign }),
        regions: regions.map(({ x, y, width, height, peak }) => ({ x, y, width, height, peak })),
        ...(overlay && { overlay: `overlays/${id}.jpg` }),
      };
      await sinks.put(verdict, overlay);
    },
    async close() {
      await sinks.close();
      await lock.release();
    },
  };
}
