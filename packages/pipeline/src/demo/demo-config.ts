import { join } from 'node:path';
import { checkOptions } from '@ddad/detector';
import { loadConfig } from '../config/load-config.js';
import type { Config } from '../config/schema.js';
import { demoSettings } from './demo-settings.js';

export interface DemoConfigOptions {
  /** Folder for data, checkpoints and report. @default 'ddad-demo' */
  out?: string;
  /** Dotted overrides such as `training.steps=50`. @default [] */
  overrides?: string[];
}

/** The configuration the demo runs with. */
export function demoConfig(options: DemoConfigOptions = {}): Config {
  checkOptions('demoConfig', options, { out: true, overrides: true });
  const { out = 'ddad-demo', overrides } = options;
  const { synthetic, config } = demoSettings;
  return loadConfig(
    {
      ...config,
      data: { ...config.data, root: join(out, 'data'), category: synthetic.category },
      output: { checkpoints: join(out, 'checkpoints'), results: out },
    },
    { overrides },
  );
}
