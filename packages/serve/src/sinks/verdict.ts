import type { Region } from '@ddad/detector';

/** What is told of a picture; a line of `verdicts.jsonl`, the body of a webhook, an MQTT message. */
export type Verdict = Judged | Unreadable;

interface About {
  /**
   * Hexadecimal: the same verdict has the same id however often it comes, which is how a receiver knows that it has it. Of a
   * watched folder it is of the picture's path and bytes; each answer of a station has another.
   */
  id: string;
  /** When it was judged, ISO 8601. */
  time: string;
  /** Name of the detector. */
  detector: string;
  image: {
    /** Relative to the watched folder, with `/`; over HTTP the name it was sent with, else the hash. */
    path: string;
    /** Of the file. */
    sha256: string;
    bytes: number;
    /** Of the file's last change, milliseconds since 1970; absent where it came over HTTP. */
    mtimeMs?: number;
  };
}

/** A picture that was judged. */
export interface Judged extends About {
  image: About['image'] & { width: number; height: number };
  score: number;
  threshold: number;
  anomalous: boolean;
  /** Whether it is no picture of the part at all; absent where the detector cannot say. */
  foreign?: boolean;
  /** In pixels of the picture, highest peak first. */
  regions: { x: number; y: number; width: number; height: number; peak: number }[];
  /** Path of the picture with heat map, relative to the folder of verdicts. */
  overlay?: string;
}

/** A file that is no picture that can be judged. */
export interface Unreadable extends About {
  /** Why. */
  error: string;
}

/** A region as it is told; undefined where it lies on the bars that `fit: pad` added. */
export function toldRegion({ original, peak }: Region): Judged['regions'][number] | undefined {
  return original && { x: original.x, y: original.y, width: original.width, height: original.height, peak };
}
