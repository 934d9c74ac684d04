import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { checkOptions, type TaskOptions, UserError } from '@ddad/detector';
import { makeFolder } from '@ddad/files';
import { commentedConfig } from './config/commented-config.js';
import { loadConfig } from './config/load-config.js';
import { withValue } from './config/overrides.js';
import { parseOverride } from './config/parse-override.js';
import type { Config, ConfigInput } from './config/schema.js';
import { checkWritable, writeAtomic } from './io/write-atomic.js';
import { describePlan, type Plan, plan } from './plan.js';

export interface InitOptions extends Pick<TaskOptions, 'onNotice'> {
  /** Folder of the images. */
  root: string;
  /** File to write; never one that is there. @default 'ddad.yaml' */
  out?: string;
  /** What is written beside `data.root`, as for `loadConfig`: `data.category=bottle`. @default [] */
  overrides?: readonly string[];
  /**
   * Side of the smallest defect that is to be found, in pixels of the pictures: `data.imageSize` becomes such that it is seen at
   * four pixels. @default not known
   */
  smallestDefect?: number;
}

export interface InitResult {
  /** The file that was written. */
  file: string;
  /** What is in it. */
  input: ConfigInput;
  /** What a run of it will take. */
  plan: Plan;
}

/** Sides that are chosen from, multiples of what the networks halve. */
const sides = { step: 32, least: 128, most: 512 };
/** Pixels of the smallest defect, as it is seen: twice what the sampling theorem takes. */
const seenPixels = 4;

/**
 * Looks at a folder of images and writes a configuration for them, every key with a comment on what it means.
 *
 * @throws {UserError} the file is there already, no images, several categories and none chosen, a value out of range
 */
export async function init(options: InitOptions): Promise<InitResult> {
  checkOptions('init', options, {
    ...{ root: true, out: true, overrides: true, smallestDefect: true, onNotice: true },
  });
  const { root, out = 'ddad.yaml', overrides = [], smallestDefect, onNotice } = options;
  if (existsSync(out)) throw thereAlready(out);
  if (smallestDefect !== undefined && !(smallestDefect >= 1)) {
    throw new UserError(`option smallestDefect: needs pixels, 1 or more, got ${smallestDefect}`, {
      code: 'option',
    });
  }
  let input: Record<string, unknown> = { preset: 'auto', data: { root } };
  for (const { path, value } of overrides.map(parseOverride)) input = withValue(input, path, value);
  let config = loadConfig(input, { onNotice });
  let planned = await plan(config);
  const isChosen = (input.data as ConfigInput['data'])?.imageSize !== undefined;
  if (smallestDefect !== undefined && !isChosen) {
    const imageSize = sideFor(smallestDefect, planned, onNotice);
    input = withValue(input, ['data', 'imageSize'], imageSize);
    config = loadConfig(input);
    planned = await plan(config);
  }
  const written = withData(input, config);
  const head = [
    'Configuration of ddad, by `ddad init`. What is not set comes from `preset`; docs/config.md has every key.',
    ...describePlan(planned),
    '',
    `ddad run --config ${out}`,
    `ddad doctor --config ${out}`,
  ];
  await checkWritable(dirname(out));
  await makeFolder(dirname(out));
  await reserve(out);
  await writeAtomic(out, commentedConfig(written, { head }));
  return { file: out, input: written, plan: planned };
}

/** The side at which a defect of so many pixels of the most frequent pictures is seen well enough. */
function sideFor(defect: number, { sizes: [first] }: Plan, onNotice: InitOptions['onNotice']): number {
  const { step, least, most } = sides;
  const wanted = (seenPixels * Math.max(first.width, first.height)) / defect;
  const side = Math.min(most, Math.max(least, Math.ceil(wanted / step) * step));
  if (side < wanted) {
    const seen = ((side / Math.max(first.width, first.height)) * defect).toPrecision(2);
    onNotice?.(
      `a defect of ${defect} pixels is seen at ${seen} at the ${side} pixels chosen; a larger data.imageSize takes more time and memory`,
    );
  }
  return side;
}

/** `input` with what was recognised of its data. */
function withData(input: Record<string, unknown>, { data }: Config): ConfigInput {
  const { kind, root, category } = data;
  const given = input.data as Record<string, unknown>;
  return { ...input, data: { kind, root, ...(category !== null && { category }), ...omit(given) } };
}

function omit({ kind, root, category, ...rest }: Record<string, unknown>): Record<string, unknown> {
  return rest;
}

/** Takes the name, so that nothing that appears meanwhile is overwritten. */
async function reserve(path: string): Promise<void> {
  try {
    await (await open(path, 'wx')).close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw thereAlready(path);
    throw error;
  }
}

function thereAlready(out: string): UserError {
  return new UserError(`option out: ${out} is there already, and is not overwritten`, {
    code: 'output',
    remedy: 'give another file, or remove it',
  });
}
