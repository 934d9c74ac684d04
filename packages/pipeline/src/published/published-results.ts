import type { Metrics } from '../evaluation/measure.js';
import type { Release } from './releases.js';

/** Percent. */
type Table = Record<string, [imageAuroc: number, pixelAuroc: number, pro: number]>;

const latestMvtec: Table = {
  carpet: [99.3, 98.7, 93.9],
  grid: [100, 99.4, 97.3],
  leather: [100, 99.4, 97.7],
  tile: [100, 98.2, 93.1],
  wood: [100, 95.0, 82.9],
  bottle: [100, 98.7, 91.8],
  cable: [99.4, 98.1, 88.9],
  capsule: [99.4, 95.7, 93.4],
  hazelnut: [100, 98.4, 86.7],
  metal_nut: [100, 99.0, 91.1],
  pill: [100, 99.1, 95.5],
  screw: [99.0, 99.3, 96.3],
  toothbrush: [100, 98.7, 92.6],
  transistor: [100, 95.3, 90.1],
  zipper: [100, 98.2, 93.2],
};

const latestVisa: Table = {
  candle: [99.9, 98.7, 96.6],
  capsules: [100, 99.5, 95.0],
  cashew: [94.5, 97.4, 80.3],
  chewinggum: [98.1, 96.5, 85.2],
  fryum: [99.0, 96.9, 94.2],
  macaroni1: [99.2, 98.7, 98.5],
  macaroni2: [99.2, 98.2, 99.3],
  pcb1: [100, 93.4, 93.3],
  pcb2: [99.7, 97.4, 93.3],
  pcb3: [97.2, 96.3, 86.6],
  pcb4: [100, 98.5, 95.5],
  pipe_fryum: [100, 99.5, 94.7],
};

const firstMvtec: Table = {
  carpet: [97.8, 98.0, 91.0],
  grid: [100, 99.6, 98.5],
  leather: [100, 99.3, 98.3],
  tile: [100, 98.5, 96.7],
  wood: [99.8, 96.8, 90.0],
  bottle: [100, 98.9, 94.8],
  cable: [99.7, 98.4, 90.9],
  capsule: [98.1, 96.2, 90.7],
  hazelnut: [99.9, 99.0, 87.3],
  metal_nut: [99.0, 96.8, 91.8],
  pill: [98.6, 99.2, 95.6],
  screw: [99.5, 99.4, 92.0],
  toothbrush: [100, 98.9, 95.0],
  transistor: [99.6, 92.6, 87.2],
  zipper: [100, 98.6, 94.1],
};

const firstVisa: Table = {
  candle: [99.9, 98.4, 95.2],
  capsules: [97.9, 99.6, 99.6],
  cashew: [98.4, 93.0, 80.5],
  chewinggum: [99.0, 97.6, 84.4],
  fryum: [98.8, 93.6, 93.3],
  macaroni1: [100, 99.3, 99.1],
  macaroni2: [99.2, 99.2, 98.5],
  pcb1: [99.9, 94.3, 94.4],
  pcb2: [99.2, 97.0, 90.6],
  pcb3: [100, 98.1, 95.2],
  pcb4: [99.9, 98.3, 92.3],
  pipe_fryum: [99.8, 96.5, 85.2],
};

const tables: Record<Release, Record<string, Table>> = {
  latest: { mvtec: latestMvtec, visa: latestVisa },
  first: { mvtec: firstMvtec, visa: firstVisa },
};

export type PublishedResults = Required<Pick<Metrics, 'imageAuroc' | 'pixelAuroc' | 'referencePro'>>;

/**
 * What the DDAD authors publish for a category of MVTec AD or VisA with a release of their code: image AUROC, pixel
 * AUROC and their PRO.
 *
 * @returns shares in [0, 1]; undefined for any other data set or category
 */
export function publishedResults(
  kind: string,
  category: string,
  release: Release = 'latest',
): PublishedResults | undefined {
  const table = publishedTable(kind, release);
  if (!table || !Object.hasOwn(table, category)) return undefined;
  const [imageAuroc, pixelAuroc, referencePro] = table[category].map((percent) => percent / 100);
  return { imageAuroc, pixelAuroc, referencePro };
}

/** The categories that the authors publish results for, in the order of their table; none for any other data set. */
export function publishedCategories(kind: string): string[] {
  return Object.keys(publishedTable(kind, 'latest') ?? {});
}

function publishedTable(kind: string, release: Release): Table | undefined {
  return Object.hasOwn(tables[release], kind) ? tables[release][kind] : undefined;
}
