import { dirname, join } from 'node:path';
import {
  type BackboneOptions,
  checkOptions,
  loadNetworks,
  type Networks,
  startEngineFor,
  type TaskOptions,
  taskKeys,
  throwIfInterrupted,
  UserError,
  writeBundle,
} from '@ddad/detector';
import { torchvisionHeadKeys } from '@ddad/features';
import { type Manifest, openDetector } from './checkpoint/manifest-file.js';
import { detectorModel } from './exchange/detector-model.js';
import { detectorModelName, type ExportFormat, exportFormats, testVectorsName } from './exchange/names.js';
import { featuresModel, unetModel } from './exchange/network-models.js';
import { testVectors } from './exchange/test-vectors.js';
import { type NamedWeights, namedWeights, weightsFile } from './exchange/weights-files.js';
import { checkWritable, writeAtomic } from './io/write-atomic.js';

export interface ExportDetectorOptions extends TaskOptions, BackboneOptions {
  /** Folder to write `formats` to. @default none */
  out?: string;
  /**
   * - `torch`: `unet-<epoch>.pth` and `features-<epoch>.pth` of torch.save, names behind `module.`
   * - `reference`: the same under the names the DDAD reference looks for, `<epoch>` and `feat<epoch>`
   * - `safetensors`: PyTorch's names and layouts, no prefix
   * - `onnx`: `unet.onnx` (x [n,h,w,c], t [n] -> noise) and `features.onnx` (x -> the layers by name), NHWC; and
   *   `detector.onnx` (image, noise -> score, map), from bytes to score, with `test-vectors.safetensors`
   *
   * @default ['torch', 'safetensors', 'onnx']
   */
  formats?: readonly string[];
  /** File to write the detector to as a bundle, `*.ddad`, what `Detector.load` takes. @default none */
  bundle?: string;
  /**
   * Puts `detector.onnx` and `test-vectors.safetensors` into the bundle, for programs in other languages; it is about twice
   * as large then.
   *
   * @default false
   */
  withOnnx?: boolean;
  /** Images per run of the ONNX models. @default any number; 1 of `detector.onnx` */
  batchSize?: number;
}

export interface ExportResult {
  /** Paths of the files written. */
  files: string[];
  /** Tensors of a full torchvision file (layer4, fc) that the extractor never had: the reference loads it strictly only with them. */
  absent: string[];
}

/**
 * Writes a trained detector as one file, or in formats that other programs read.
 *
 * @param place a folder that has `detector.json`, or a bundle
 * @throws {UserError} no detector, an unknown format, an unwritable folder, an extractor that as an ONNX model cannot take
 *   any batch size
 * @throws {InterruptedError} `signal` was fired; files that were written stay
 */
export async function exportDetector(place: string, options: ExportDetectorOptions): Promise<ExportResult> {
  checkOptions('exportDetector', options, {
    ...{ ...taskKeys, backbone: true, batchSize: true },
    ...{ out: true, formats: true, bundle: true, withOnnx: true },
  });
  const { out, bundle, withOnnx = false, batchSize, backbone: make, onNotice, signal } = options;
  const formats = checked(options);
  const { source, manifest } = await openDetector(place);
  if (!manifest.unet && formats.includes('reference')) {
    throw new UserError(
      `the detector in ${place} works by its memory alone: it has no UNet, which the reference needs`,
      { code: 'detector', remedy: '`run` without option instant trains one' },
    );
  }
  if (out !== undefined) await checkWritable(out);
  if (bundle !== undefined) await checkWritable(dirname(bundle));
  const files: string[] = [];
  const write = async (path: string, bytes: Uint8Array) => {
    throwIfInterrupted(signal, 'exporting');
    await writeAtomic(path, bytes);
    files.push(path);
  };
  if (bundle !== undefined && !withOnnx) await write(bundle, await writeBundle(source));
  if (out === undefined && !withOnnx) return { files, absent: [] };

  // ONNX graphs are what this engine computes with.
  await startEngineFor({ engine: 'ort', threads: manifest.config.threads }, { onNotice });
  const networks = await loadNetworks(source, manifest, { backbone: make });
  try {
    const model =
      withOnnx || formats.includes('onnx')
        ? await portableDetector({ manifest, networks }, batchSize ?? 1)
        : new Map<string, Uint8Array>();
    if (bundle !== undefined && withOnnx) await write(bundle, await writeBundle(source, { extra: model }));
    if (out === undefined) return { files, absent: [] };
    const weights = await namedWeights(manifest, networks);
    for (const each of weights) {
      for (const format of formats) {
        const file = weightsFile(each, format);
        if (file) await write(join(out, file[0]), file[1]);
      }
    }
    if (formats.includes('onnx')) {
      const { config } = manifest;
      const n = batchSize ?? null;
      const { unet, backbone } = networks;
      if (unet) await write(join(out, 'unet.onnx'), await unetModel(unet, config, n));
      await write(join(out, 'features.onnx'), await featuresModel(backbone, config, n));
      for (const [name, bytes] of model) await write(join(out, name), bytes);
    }
    const absent = absentTensors(weights, { manifest, networks });
    if (absent.length && formats.some((format) => format === 'torch' || format === 'reference')) {
      const parts = [...new Set(absent.map((key) => key.split('.')[0]))];
      onNotice?.(
        `the extractor has no ${parts.join(' and ')} (${absent.length} tensors absent, ${absent[0]} the first), since ` +
          'its weights did not come from a full torchvision file: load it with strict=False in PyTorch',
      );
    }
    return { files, absent };
  } finally {
    networks.dispose();
  }
}

/** The formats asked for; none without a folder. */
function checked({ out, bundle, formats, withOnnx, batchSize }: ExportDetectorOptions): ExportFormat[] {
  const refuse = (reason: string): never => {
    throw new UserError(reason, { code: 'option' });
  };
  if (out === undefined && bundle === undefined)
    refuse('exportDetector: needs option out or bundle, got none');
  if (out === undefined && formats)
    refuse('option formats: needs option out, the folder they are written to');
  if (bundle !== undefined && !bundle.endsWith('.ddad')) {
    refuse(`option bundle: needs the name of a file that ends in .ddad, got ${bundle}`);
  }
  if (withOnnx && bundle === undefined) refuse('option withOnnx: needs option bundle');
  if (batchSize !== undefined && !(Number.isInteger(batchSize) && batchSize >= 1)) {
    refuse(`option batchSize: needs a whole number >= 1, got ${batchSize}`);
  }
  if (out === undefined) return [];
  const asked = formats ?? ['torch', 'safetensors', 'onnx'];
  const known = exportFormats.filter((format) => asked.includes(format));
  const unknown = asked.filter((format) => !exportFormats.includes(format as ExportFormat));
  if (unknown.length || known.length === 0) {
    refuse(`option formats: needs some of ${exportFormats.join(', ')}, got ${unknown.join(', ') || 'none'}`);
  }
  return known;
}

/** The detector as one ONNX model, and what it gives of two images, by the names of the files. */
async function portableDetector(
  { manifest, networks }: { manifest: Manifest; networks: Networks },
  n: number,
): Promise<Map<string, Uint8Array>> {
  return new Map([
    [detectorModelName, await detectorModel(manifest, networks, n)],
    [testVectorsName, await testVectors(manifest, networks, n)],
  ]);
}

/** The tensors of a torchvision file that the extractor is without. */
function absentTensors(
  weights: readonly NamedWeights[],
  { manifest, networks: { backbone } }: { manifest: Manifest; networks: Networks },
): string[] {
  const has = weights.find(({ name }) => name === 'features')!.stateDict;
  const last = backbone.layers?.[backbone.layers.length - 1];
  return torchvisionHeadKeys(manifest.config.features.backbone, last).filter((key) => !has.has(key));
}
