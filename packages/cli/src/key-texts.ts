// Written by tools/docs/config.mjs from the schema of the configuration; the texts are mended there.

export interface KeyText {
  text: string;
  /** What the key may be. */
  values?: readonly string[];
  /** Which of them it is by default. */
  initial?: string;
}

/** The keys that have a flag of their own. */
export const keyTexts = {
  preset: {
    text: "Where values that are not given come from: `auto` is right within minutes on a CPU, `small` the paper's method alone at 64 pixels, `ddad` the paper's.",
    values: ['auto', 'small', 'ddad', 'ddad-s', 'reference'],
    initial: 'auto',
  },
  seed: { text: 'Seed of initial weights, shuffling, time steps and noise.' },
  engine: {
    text: 'What computes; `auto` takes the fastest that works (`ddad engines` lists them).',
    values: [
      'auto',
      'ort',
      'ort-webgpu',
      'ort-cuda',
      'tensorflow-gpu',
      'tensorflow',
      'webgpu',
      'wasm',
      'cpu',
    ],
    initial: 'auto',
  },
  'data.kind': {
    text: 'Layout of the data set; `auto` recognises it by the names of its folders, and a list of images by its extension.',
    values: ['auto', 'mvtec', 'visa', 'mtd', 'btad', 'mpdd', 'loco', 'mvtec2', 'folder', 'list'],
    initial: 'auto',
  },
  'data.root': {
    text: 'Folder of the data set, an archive of it (`.zip`, `.tar`, `.tar.gz`), or a list of its images (`.csv`, `.tsv`, `.json`).',
  },
  'data.category': { text: 'Sub-data-set, e.g. `hazelnut`; the kinds `folder`, `list` and `mtd` have none.' },
  'data.imageSize': { text: 'Side of the square the images are resized to, pixels.' },
  'data.skipBad': { text: 'Leave out images that do not decode, and list them, instead of stopping.' },
  'training.steps': {
    text: 'Optimiser steps, at most so many where `budget` is given too; null when `epochs` or `budget` alone is given.',
  },
  'features.weights': {
    text: "`auto` (ImageNet's where they are in this project's or PyTorch's cache, else the embedded network's; nothing is downloaded), `imagenet` (downloaded once), `embedded`, `random`, or a file, also a wheel; `file.pth#key` names a part of it.",
  },
  'scoring.threshold': {
    text: "`calibrated` and `conformal` come from good images, the one where the rate is expected to be met, the other where it provably is, which takes more of them; `youden` takes it from the test set's labels; or a number.",
  },
  'scoring.falseAlarmRate': { text: 'Share of good images that may be called anomalous.' },
} satisfies Record<string, KeyText>;
