import { join } from 'node:path';
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
export function demoConfig({ out = 'ddad-demo', overrides }: DemoConfigOptions = {}): Config {
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
