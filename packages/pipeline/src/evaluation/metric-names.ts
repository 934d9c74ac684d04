import type { Metrics } from './measure.js';

const names: Record<keyof Metrics, string> = {
  imageAuroc: 'image AUROC',
  imageAveragePrecision: 'image AP',
  imageF1Max: 'image F1-max',
  pixelAuroc: 'pixel AUROC',
  pixelAveragePrecision: 'pixel AP',
  pixelF1Max: 'pixel F1-max',
  aupro: 'AUPRO',
  referencePro: 'PRO (reference)',
};

/** Metrics under the names people read, in a fixed order. */
export function named(metrics: Metrics): Record<string, number> {
  const known = (Object.keys(names) as (keyof Metrics)[]).filter((key) => metrics[key] !== undefined);
  return Object.fromEntries(known.map((key) => [names[key], metrics[key] as number]));
}
