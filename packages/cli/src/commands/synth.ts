import type { Command } from 'commander';
import { type OutputOptions, withOutputOptions } from '../options.js';
import { withSession } from '../session.js';

interface SynthOptions extends OutputOptions {
  out: string;
  category: string;
  seed: string;
  size: string;
  train: string;
  good: string;
  anomalous: string;
}
