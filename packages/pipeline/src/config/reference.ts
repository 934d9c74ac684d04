import { z } from 'zod';
import type { ConfigInput } from './schema.js';

/** The reference leaves typing to PyYAML and OmegaConf: `3e-4` may be a string, `yes` a boolean. */
const number = z.preprocess(
  (v) => (typeof v === 'string' && v.trim() !== '' && Number.isFinite(Number(v)) ? Number(v) : v),
  z.number(),
);
const flag = z.preprocess((v) => {
  if (typeof v !== 'string') return v;
  if (/^(true|yes|on)$/i.test(v)) return true;
  return /^(false|no|off)$/i.test(v) ? false : v;
}, z.boolean());
const text = z.preprocess((v) => (typeof v === 'number' ? String(v) : v), z.string());

/** The configuration file of the DDAD reference, with its spellings. */
export const referenceSchema = z.strictObject({
  data: z
    .strictObject({
      name: text,
      data_dir: text,
      category: text,
      image_size: number,
      batch_size: number,
      DA_batch_size: number,
      test_batch_size: number,
      mask: flag,
      input_channel: number,
    })
    .partial(),
  model: z
    .strictObject({
      DDADS: flag,
      checkpoint_dir: text,
      checkpoint_name: text,
      exp_name: text,
      feature_extractor: text,
      learning_rate: number,
      weight_decay: number,
      epochs: number,
      load_chp: number,
      DA_epochs: number,
      DA_chp: number,
      v: number,
      w: number,
      w_DA: number,
      DLlambda: number,
      trajectory_steps: number,
      test_trajectoy_steps: number,
      test_trajectoy_steps_DA: number,
      skip: number,
      skip_DA: number,
      eta: number,
      beta_start: number,
      beta_end: number,
      device: text,
      save_model: flag,
      num_workers: number,
      seed: number,
    })
    .partial()
    .optional(),
  metrics: z
    .strictObject({ auroc: flag, pro: flag, misclassifications: flag, visualisation: flag })
    .partial()
    .optional(),
});

export type ReferenceConfig = z.infer<typeof referenceSchema>;

/** Keys the reference itself never reads, `seed` apart, which is honoured here. */
const neverRead = ['checkpoint_name', 'exp_name', 'test_trajectoy_steps_DA', 'skip_DA'] as const;

const kinds: [RegExp, NonNullable<NonNullable<ConfigInput['data']>['kind']>][] = [
  [/^mvtec/i, 'mvtec'],
  [/^visa/i, 'visa'],
  [/^mtd/i, 'mtd'],
  [/^btad/i, 'btad'],
  [/^mpdd/i, 'mpdd'],
];

/** A reference configuration in this project's terms, and what the user should know about it. */
export function fromReference(file: ReferenceConfig): { input: ConfigInput; notices: string[] } {
  const { data, model = {}, metrics = {} } = file;
  const notices: string[] = [];

  const unread: string[] = neverRead.filter((key) => model[key] !== undefined);
  if (model.num_workers !== undefined) unread.push('num_workers');
  if (model.save_model !== undefined) unread.push('save_model');
  if (metrics.auroc !== undefined) unread.push('metrics.auroc');
  if (metrics.misclassifications !== undefined) unread.push('metrics.misclassifications');
  if (data.mask !== undefined) unread.push('data.mask');
  if (unread.length) notices.push(`accepted without effect: ${unread.join(', ')}`);

  const device = model.device?.toLowerCase();
  let engine: ConfigInput['engine'] = 'auto';
  if (device === 'cpu') engine = 'ort';
  else if (device) notices.push(`device: ${device} means the fastest engine installed (engine: auto)`);

  let unet: number | 'last' | undefined = model.load_chp;
  if (unet !== undefined && model.epochs !== undefined && unet > model.epochs) {
    notices.push(`load_chp ${unet} is beyond epochs ${model.epochs}: the last checkpoint is used`);
    unet = 'last';
  }
  let features: number | 'last' | undefined = model.DA_chp;
  if (features !== undefined && model.DA_epochs !== undefined && features > model.DA_epochs) {
    notices.push(`DA_chp ${features} is beyond DA_epochs ${model.DA_epochs}: the last one is used`);
    features = 'last';
  }

  const kind = kinds.find(([pattern]) => pattern.test(data.name ?? 'mvtec'))?.[1];
  const input = {
    preset: 'reference',
    seed: model.seed,
    engine,
    data: {
      // An unknown name stays as it is, for the error that lists the known ones.
      kind: kind ?? (data.name as NonNullable<typeof kind>),
      name: data.name,
      root: data.data_dir,
      category: data.category,
      imageSize: data.image_size,
      channels: data.input_channel as 1 | 3 | undefined,
    },
    model: {
      ...(model.DDADS ? { baseChannels: 32, heads: 2, dropout: 0.3 } : {}),
      steps: model.trajectory_steps,
      betaStart: model.beta_start,
      betaEnd: model.beta_end,
      w: model.w,
      v: model.v,
      start: model.test_trajectoy_steps,
      skip: model.skip,
      eta: model.eta,
    },
    training: {
      epochs: model.epochs,
      batchSize: data.batch_size,
      learningRate: model.learning_rate,
      weightDecay: model.weight_decay,
    },
    features: { backbone: model.feature_extractor as never },
    adaptation: {
      epochs: model.DA_epochs,
      batchSize: data.DA_batch_size,
      w: model.w_DA,
      lambda: model.DLlambda,
    },
    checkpoint: { unet, features },
    scoring: { batchSize: data.test_batch_size, referencePro: metrics.pro },
    output: {
      checkpoints: model.checkpoint_dir && `${model.checkpoint_dir.replace(/[/\\]+$/, '')}/{category}`,
      report: metrics.visualisation,
    },
  } satisfies ConfigInput;
  return { input, notices };
}
