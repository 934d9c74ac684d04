import type { Metrics } from './measure.js';

/** The names that people read, in the order they are shown. */
export const metricNames: Record<keyof Metrics, string> = {
  imageAuroc: 'image AUROC',
  imageAveragePrecision: 'image AP',
  imageF1Max: 'image F1-max',
  pixelAuroc: 'pixel AUROC',
  pixelAveragePrecision: 'pixel AP',
  pixelF1Max: 'pixel F1-max',
  aupro: 'AUPRO',
  aupro05: 'AUPRO at 0.05',
  segF1: 'SegF1',
  referencePro: 'PRO (reference)',
};

/** Metrics under the names people read, in a fixed order. */
export function named(metrics: Metrics): Record<string, number> {
  const known = (Object.keys(metricNames) as (keyof Metrics)[]).filter((key) => metrics[key] !== undefined);
  return Object.fromEntries(known.map((key) => [metricNames[key], metrics[key] as number]));
}
