/** One scored test image. */
export interface ImageResult {
  /** Path relative to the data set's root, `/` on every platform. */
  id: string;
  /** 0 good, 1 anomalous, undefined where nobody said. */
  label: 0 | 1 | undefined;
  defect: string;
  score: number;
  /** score >= threshold */
  isAnomalous: boolean;
  /** As of a `Detection`; absent where the detector cannot tell. */
  isForeign?: boolean;
}
