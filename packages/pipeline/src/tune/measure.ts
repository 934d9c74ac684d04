import {
  centreBox,
  createScorer,
  cropTo,
  type DistanceName,
  type Distances,
  distanceNames,
  type Networks,
  reconstructionSettings,
  type TaskOptions,
} from '@ddad/detector';
import type { NamedEngine } from '@ddad/nn';
import { distanceRatio, termScale } from '@ddad/scoring';
import type { Config } from '../config/schema.js';
import type { PastedAnomaly } from './paste-anomalies.js';
import { type Quality, qualityOf } from './quality.js';
import { reconstructionKey, type Settings, withSettings } from './settings.js';

export interface MeasurerOptions extends TaskOptions {
  config: Config;
  networks: Networks;
  engine: NamedEngine;
  good: readonly Uint8Array[];
  pasted: readonly PastedAnomaly[];
  /** Of each good image, what of it is judged. */
  masks: readonly (Uint8Array | undefined)[] | undefined;
  /** Of good images that the memory has seen, the number of each in it; undefined where it has not. */
  leaveOut: readonly number[] | undefined;
}

export interface Measurer {
  measure(settings: Settings): Promise<Quality>;
  /** Images that went through the UNet so far. */
  readonly reconstructed: number;
  /** Releases what was compiled, not the networks. */
  dispose(): void;
}

/** Every so many rows and columns of the maps are measured. */
const every = 2;

/** Blurred distances of every image, each alone. */
interface Blurred {
  maps: Map<DistanceName, Float32Array[]>;
  scales: Map<DistanceName, number>;
  ratio: number;
}

/**
 * Measures settings on good images with and without defects. What a reconstruction costs is paid once for each: distances are
 * kept by what decides the reconstruction, blurred ones by the blur too, and sums are made of them.
 */
export function createMeasurer({
  config,
  networks,
  engine,
  good,
  pasted,
  masks,
  leaveOut: numbers,
  onProgress,
  signal,
}: MeasurerOptions): Measurer {
  const { imageSize: side } = config.data;
  const box = centreBox(side, config.scoring.crop);
  const images = [...good, ...pasted.map(({ image }) => image)];
  const owns = [...good.keys(), ...pasted.map(({ own }) => own)];
  const allMasks = masks && owns.map((own) => masks[own]);
  const leaveOut = numbers && owns.map((own) => numbers[own]);
  const truth = pasted.map(({ mask }) => thinned(mask, side, box).map((value) => (value > 0 ? 1 : 0)));
  const measured = new Map<string, Promise<Distances[]>>();
  const blurred = new Map<string, Promise<Blurred>>();
  const scorer = createScorer(config, { networks, engine });
  let reconstructed = 0;

  async function distancesOf(settings: Settings): Promise<Distances[]> {
    const reconstruction = reconstructionSettings(withSettings(config, settings));
    const change = await scorer.change(good, { signal, reconstruction });
    const distances = await scorer.distances(images, {
      ...{ phase: 'tune', signal, onProgress, masks: allMasks, leaveOut, reconstruction },
      ...(change !== null && { change }),
    });
    if (networks.unet) reconstructed += images.length;
    // of no use here, and larger than all else
    for (const each of distances) delete each.reconstruction;
    return distances;
  }

  async function blur(settings: Settings): Promise<Blurred> {
    const key = reconstructionKey(settings, config);
    if (!measured.has(key)) measured.set(key, distancesOf(settings));
    const distances = await measured.get(key)!;
    const blurring = createScorer(withSettings(config, settings), { networks, engine });
    try {
      const maps = new Map<DistanceName, Float32Array[]>();
      const scales = new Map<DistanceName, number>();
      for (const name of distanceNames) {
        if (!distances[0][name]) continue;
        const scored = await blurring.maps(distances, { terms: { [name]: { scale: 1, weight: 1 } } });
        const judged = scored.slice(0, good.length).map(({ map }, i) => {
          const { mask } = distances[i];
          return mask ? map.filter((_, at) => mask[at] === 1) : map;
        });
        scales.set(name, termScale(judged));
        maps.set(
          name,
          scored.map(({ map }) => thinned(map, side, box)),
        );
      }
      const largest = (name: DistanceName) =>
        distances
          .slice(0, good.length)
          .map((each) => (each[name] ?? new Float32Array(1)).reduce((a, b) => Math.max(a, b)));
      const ratio = distances[0].pixel
        ? distanceRatio({ pixelMaxima: largest('pixel'), featureMaxima: largest('feature') })
        : 0;
      return { maps, scales, ratio };
    } finally {
      blurring.dispose();
    }
  }

  return {
    async measure(settings) {
      signal?.throwIfAborted();
      const key = `${reconstructionKey(settings, config)} ${settings.sigma}`;
      if (!blurred.has(key)) blurred.set(key, blur(settings));
      const { maps, scales, ratio } = await blurred.get(key)!;
      const factors = new Map<DistanceName, number>();
      for (const name of maps.keys()) {
        const scale = scales.get(name)!;
        if (settings.weights) factors.set(name, scale > 0 ? (settings.weights[name] ?? 1) / scale : 0);
        else factors.set(name, name === 'pixel' ? settings.model.v * ratio : 1);
      }
      const sums = images.map((_, i) => {
        const sum = new Float32Array(maps.values().next().value![i].length);
        for (const [name, values] of maps) {
          const factor = factors.get(name)!;
          if (factor > 0) for (let at = 0; at < sum.length; at++) sum[at] += factor * values[i][at];
        }
        return sum;
      });
      const scores = sums.map((sum) => sum.reduce((a, b) => Math.max(a, b)));
      return qualityOf(
        scores.slice(0, good.length),
        pasted.map((_, i) => ({
          score: scores[good.length + i],
          map: sums[good.length + i],
          mask: truth[i],
        })),
      );
    },
    get reconstructed() {
      return reconstructed;
    },
    dispose: () => scorer.dispose(),
  };
}

/** What of a square map is measured: of the part that is scored, every other row and column. */
function thinned<T extends Uint8Array | Float32Array>(
  values: T,
  side: number,
  box: ReturnType<typeof centreBox>,
): T {
  const scored = cropTo(values, side, box);
  const height = Math.ceil(box.height / every);
  const width = Math.ceil(box.width / every);
  const out = new (values.constructor as new (length: number) => T)(height * width);
  for (let y = 0, at = 0; y < box.height; y += every) {
    for (let x = 0; x < box.width; x += every, at++) out[at] = scored[y * box.width + x];
  }
  return out;
}
