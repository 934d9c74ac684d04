import { join } from 'node:path';
import {
  type BackboneOptions,
  buildSchedule,
  checkOptions,
  featuresArchitecture,
  fileSource,
  loadNetworks,
  reconstructedSize,
  startEngineFor,
  type TaskOptions,
  throwIfInterrupted,
  UserError,
  unetArchitecture,
  type WeightsFile,
} from '@ddad/detector';
import { predictNoise, type UNet } from '@ddad/diffusion';
import { torchvisionHeadKeys } from '@ddad/features';
import { toOnnx } from '@ddad/nn';
import { type StateDict, writeSafetensors, writeTorch } from '@ddad/weights';
import * as tf from '@tensorflow/tfjs';
import { readManifest } from './checkpoint/manifest-file.js';
import type { Config } from './config/schema.js';
import { checkWritable, writeAtomic } from './io/write-atomic.js';

/** What `exportDetector` can write. */
export const exportFormats = ['torch', 'reference', 'safetensors', 'onnx'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface ExportDetectorOptions extends TaskOptions, BackboneOptions {
  /** Folder to write to. */
  out: string;
  /**
   * - `torch`: `unet-<epoch>.pth` and `features-<epoch>.pth` of torch.save, names behind `module.`
   * - `reference`: the same under the names the DDAD reference looks for, `<epoch>` and `feat<epoch>`
   * - `safetensors`: PyTorch's names and layouts, no prefix
   * - `onnx`: `unet.onnx` (x [n,h,w,c], t [n] -> noise) and `features.onnx` (x -> the layers by name), NHWC
   *
   * @default ['torch', 'safetensors', 'onnx']
   */
  formats?: readonly string[];
  /** Images per run of the ONNX models. @default any number */
  batchSize?: number;
}

export interface ExportResult {
  /** Paths of the files written. */
  files: string[];
  /** Tensors of a full torchvision file (layer4, fc) that the extractor never had: the reference loads it strictly only with them. */
  absent: string[];
}

/**
 * Writes the networks of a trained detector in formats that other programs read.
 *
 * @param folder holds `detector.json`
 * @throws {UserError} no detector, an unknown format, an unwritable folder, an extractor that as an ONNX model cannot take
 *   any batch size
 * @throws {InterruptedError} `signal` was fired; files that were written stay
 */
export async function exportDetector(folder: string, options: ExportDetectorOptions): Promise<ExportResult> {
  checkOptions('exportDetector', options, {
    ...{ onProgress: true, onNotice: true, signal: true, backbone: true },
    ...{ out: true, formats: true, batchSize: true },
  });
  const {
    out,
    formats = ['torch', 'safetensors', 'onnx'],
    batchSize,
    backbone: make,
    onNotice,
    signal,
  } = options;
  const unknown = formats.filter((format) => !exportFormats.includes(format as ExportFormat));
  if (unknown.length || formats.length === 0) {
    throw new UserError(
      `option formats: needs some of ${exportFormats.join(', ')}, got ${unknown.join(', ') || 'none'}`,
      { code: 'option' },
    );
  }
  if (batchSize !== undefined && !(Number.isInteger(batchSize) && batchSize >= 1)) {
    throw new UserError(`option batchSize: needs a whole number >= 1, got ${batchSize}`, { code: 'option' });
  }
  const manifest = await readManifest(folder);
  const { config, unet: unetFile } = manifest;
  if (!unetFile) {
    throw new UserError(`the detector in ${folder} works by its memory alone: it has no UNet to export`, {
      code: 'detector',
      remedy: '`run` without option instant trains one',
    });
  }
  await checkWritable(out);
  // ONNX graphs are what this engine computes with.
  await startEngineFor({ engine: 'ort', threads: config.threads }, { onNotice });
  const networks = await loadNetworks(fileSource(folder), manifest, { backbone: make });
  const { backbone } = networks;
  const unet = networks.unet!;
  const files: string[] = [];
  const write = async (name: string, bytes: Uint8Array) => {
    throwIfInterrupted(signal, 'exporting');
    await writeAtomic(join(out, name), bytes);
    files.push(join(out, name));
  };
  try {
    const parts = [
      {
        name: 'unet',
        file: unetFile,
        stateDict: await unet.stateDict(),
        architecture: unetArchitecture(config),
        reference: ({ epoch }: WeightsFile) => `${epoch}`,
      },
      {
        name: 'features',
        file: manifest.features,
        stateDict: await backbone.stateDict(),
        architecture: featuresArchitecture(config),
        reference: ({ epoch }: WeightsFile) => `feat${epoch}`,
      },
    ];
    for (const { name, file, stateDict, architecture, reference } of parts) {
      const { epoch } = file;
      if (formats.includes('torch')) await write(`${name}-${epoch}.pth`, writeTorch(behindModule(stateDict)));
      if (formats.includes('reference')) await write(reference(file), writeTorch(behindModule(stateDict)));
      if (formats.includes('safetensors')) {
        const metadata = { architecture: JSON.stringify(architecture), epoch: `${epoch}` };
        await write(`${name}-${epoch}.safetensors`, writeSafetensors(stateDict, metadata));
      }
    }
    const { imageSize, channels } = config.data;
    const n = batchSize ?? null;
    const inputOf = (side: number) => ({ name: 'x', shape: [n, side, side, channels] });
    const metadata = { layout: 'NHWC', range: '[-1, 1]' };
    if (formats.includes('onnx')) {
      const alphaBars = alphaBarsOf(config);
      const predict = noisePrediction(unet, alphaBars);
      const inputs = [inputOf(reconstructedSize(config)), { name: 't', shape: [n] }];
      const exported = model(predict as never, { inputs, outputs: ['noise'], metadata });
      await write('unet.onnx', await exported.finally(() => alphaBars.dispose()));
      const features = (x: tf.Tensor) => backbone.features(x as tf.Tensor4D);
      const one = [1, imageSize, imageSize, channels];
      const layers = backbone.layers ?? tf.tidy(() => features(tf.zeros(one)).map((_, i) => `layer${i + 1}`));
      await write(
        'features.onnx',
        await model(features, { inputs: [inputOf(imageSize)], outputs: [...layers], metadata }),
      );
    }
    const has = new Set(parts[1].stateDict.keys());
    const last = backbone.layers?.[backbone.layers.length - 1];
    const absent = torchvisionHeadKeys(config.features.backbone, last).filter((key) => !has.has(key));
    if (absent.length && (formats.includes('torch') || formats.includes('reference'))) {
      const absentParts = [...new Set(absent.map((key) => key.split('.')[0]))];
      onNotice?.(
        `the extractor has no ${absentParts.join(' and ')} (${absent.length} tensors absent, ${absent[0]} the first), since ` +
          'its weights did not come from a full torchvision file: load it with strict=False in PyTorch',
      );
    }
    return { files, absent };
  } finally {
    networks.dispose();
  }
}

/** alphaBar_t of every time step. */
function alphaBarsOf(config: Config): tf.Tensor1D {
  const schedule = buildSchedule(config);
  return tf.tensor1d(Array.from({ length: schedule.steps }, (_, t) => schedule.alphaBar(t)));
}

/** epsilon_theta(x, t); with a Gaussian model, what noise level a time step is, is part of it. */
function noisePrediction(unet: UNet, alphaBars: tf.Tensor1D): (x: tf.Tensor, t: tf.Tensor) => tf.Tensor {
  if (!unet.gaussian) return (x, t) => unet.forward(x as tf.Tensor4D, t as tf.Tensor1D);
  return (x, t) => {
    const alphaBar = tf.reshape(tf.gather(alphaBars, tf.cast(t, 'int32')), [-1, 1, 1, 1]);
    return predictNoise(unet, x as tf.Tensor4D, {
      t: t as tf.Tensor1D,
      signal: tf.sqrt(alphaBar),
      sigma: tf.sqrt(tf.sub(1, alphaBar)),
    });
  };
}

/** As `toOnnx`, with an error in the words of `exportDetector`. */
async function model(...given: Parameters<typeof toOnnx>): Promise<Uint8Array> {
  try {
    return await toOnnx(...given);
  } catch (error) {
    if ((error as Error).name !== 'AnySizeError') throw error;
    const [, { outputs }] = given;
    throw new UserError(
      `the ONNX model of ${outputs.join(', ')} cannot take any batch size: its network is another graph for each`,
      { code: 'option', remedy: 'give option batchSize', cause: error },
    );
  }
}

/** The names torch.nn.DataParallel gives, as the reference loads them. */
function behindModule(stateDict: StateDict): StateDict {
  return new Map([...stateDict].map(([name, tensor]) => [`module.${name}`, tensor]));
}
