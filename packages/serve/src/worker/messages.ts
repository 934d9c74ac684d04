import type { RevisedDetector } from '@ddad/detector';
import type { DetectorDescription } from './describe.js';

/** What is made of a detection beside its numbers. */
export interface Outputs {
  /** `png`: in colours; `raw`: the values, float32, little endian, row by row. */
  map?: 'png' | 'raw';
  /** The picture at its own size with heat map, contour and framed regions. */
  overlay?: 'jpeg';
  /** The picture without its anomaly, at the detector's size. */
  reconstruction?: 'png';
}

/** An image to look at. */
export interface ImageJob {
  bytes: Uint8Array;
  outputs: Outputs;
}

/** Whole pixels of the image as given, upright. */
export interface FoundRegion {
  x: number;
  y: number;
  width: number;
  height: number;
  /** Highest value of the map within. */
  peak: number;
  /** Pixels of the map. */
  area: number;
}

export interface ImageResult {
  sha256: string;
  width: number;
  height: number;
  score: number;
  threshold: number;
  anomalous: boolean;
  /** Unlike all good images as a whole; null where the detector cannot tell. */
  foreign: boolean | null;
  regions: FoundRegion[];
  map: { width: number; height: number };
  files: { [name in keyof Outputs]?: Uint8Array };
  /** Milliseconds. */
  timings: { decode: number; infer: number };
}

/** An error as it crosses a thread. */
export interface ErrorMessage {
  name: string;
  message: string;
  /** Of a `DdadError`. */
  code?: string;
  remedy?: string;
  stack?: string;
}

/** What of a detector is to be made anew. */
export interface RecalibrateJob {
  /** The detector whose memory and scores the images are added to. */
  base: string;
  /** The one whose region of interest it has. */
  active: string;
  /** Paths. */
  images: string[];
  memory?: boolean;
  forget?: boolean;
}

/** What a thread does; each takes a value and answers with one. */
export interface Tasks {
  /** Loads a detector under `key` and runs it once, so that the first request finds everything compiled. */
  load: [{ key: string; place: string }, DetectorDescription];
  unload: [{ key: string }, null];
  /** Makes a detector that takes further good images into account. */
  recalibrate: [RecalibrateJob, RevisedDetector];
  /** Looks at images with one detector: each gets a result or an error of its own. */
  detect: [{ key: string; images: ImageJob[] }, ({ result: ImageResult } | { error: ErrorMessage })[]];
}

export type TaskName = keyof Tasks;

export type Request = {
  [name in TaskName]: { id: number; task: name; input: Tasks[name][0] };
}[TaskName];

/** Ends the thread when what it was given is done. */
export interface End {
  end: true;
}

/** Ends the task of this number. */
export interface Abort {
  abort: number;
}

export type Answer = { id: number } & ({ value: unknown } | { error: ErrorMessage });

export interface ThreadOptions {
  engine: string;
  threads: number | null;
  /** Pixels of an image at most. */
  pixels: number;
}
