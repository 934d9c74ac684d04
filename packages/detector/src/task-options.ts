/** How far a phase has come. */
export interface Progress {
  phase:
    | 'synthesize'
    | 'download'
    | 'unpack'
    | 'prepare'
    | 'load'
    | 'memorize'
    | 'compare'
    | 'train'
    | 'adapt'
    | 'calibrate'
    | 'choose'
    | 'tune'
    | 'evaluate'
    | 'baselines'
    | 'detect';
  /** Pieces of work done, of `total`: images, files, optimiser steps; bytes of a download. */
  done: number;
  total: number;
  /** Loss of the latest step, where the phase has one. */
  loss?: number;
}

/** What every function that takes long takes. */
export interface TaskOptions {
  onProgress?: (progress: Progress) => void;
  /** Told what a user should know: the engine that was chosen, images left out, estimates of time. */
  onNotice?: (message: string) => void;
  /** Ends the work at the next step; training saves its state first. */
  signal?: AbortSignal;
}
