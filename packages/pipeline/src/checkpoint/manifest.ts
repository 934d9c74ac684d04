import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { configSchema } from '../config/schema.js';
import { writeAtomic } from '../io/write-atomic.js';
import { UserError } from '../user-error.js';

const weightsFile = z.strictObject({
  /** Name of the file beside the manifest. */
  file: z.string(),
  sha256: z.string(),
  epoch: z.number(),
});

/** What `detector.json` holds: everything needed to score an image, with the weights beside it. */
export const manifestSchema = z.strictObject({
  format: z.literal('ddad-detector'),
  version: z.literal(1),
  config: configSchema,
  /** What happens to an image before the network sees it. */
  transforms: z.strictObject({
    size: z.tuple([z.number(), z.number()]),
    channels: z.union([z.literal(1), z.literal(3)]),
    fit: z.string(),
    method: z.literal('bilinear'),
    range: z.tuple([z.number(), z.number()]),
  }),
  unet: weightsFile,
  features: weightsFile,
  /** From good images; null until there is one. */
  calibration: z
    .strictObject({
      /** max D_f / max D_p, median over the images. */
      ratio: z.number(),
      threshold: z.number(),
      method: z.string(),
      n: z.number(),
      falseAlarmRate: z.number(),
      scores: z.array(z.number()),
      /** The images were also trained on: there were too few to hold some back. */
      sharedWithTraining: z.boolean(),
    })
    .nullable(),
  /** What makes an image anomalous; null while nothing has set it. */
  threshold: z
    .strictObject({ value: z.number(), from: z.enum(['calibrated', 'youden', 'given']) })
    .nullable(),
});

export type Manifest = z.infer<typeof manifestSchema>;

const fileName = 'detector.json';

export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  await writeAtomic(join(folder, fileName), `${JSON.stringify(manifest, null, 2)}\n`);
}

/**
 * Reads `detector.json`.
 *
 * @throws {UserError} missing, or not a manifest this version reads
 */
export async function readManifest(folder: string): Promise<Manifest> {
  const path = join(folder, fileName);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') {
      throw new UserError(`cannot read ${path}: ${message}`, { cause: error });
    }
    throw new UserError(
      `there is no trained detector in ${folder} (${fileName} is missing); run \`ddad run\` or \`ddad adapt\` first`,
      { cause: error },
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UserError(`${path}: not JSON; write it anew with \`ddad adapt\``, { cause: error });
  }
  const version = (value as { version?: unknown } | null)?.version;
  if (version !== undefined && version !== 1) {
    throw new UserError(
      `${path}: needs version 1, got ${JSON.stringify(version)}; it is from another release of ddad`,
    );
  }
  const parsed = manifestSchema.safeParse(value);
  if (!parsed.success) {
    const { path: at, message } = parsed.error.issues[0];
    throw new UserError(`${path}: ${at.join('.')}: ${message}; write it anew with \`ddad adapt\``);
  }
  return parsed.data;
}
