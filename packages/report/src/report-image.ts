/** One test image of a report. */
export interface ReportImage {
  /** Shown as the image's name; any text. */
  id: string;
  /** 1 = anomalous, 0 = good; absent if unknown. */
  label?: 0 | 1;
  /** Kind of defect, to filter by; good images may leave it out. */
  defect?: string;
  /** Image score; the same quantity as the map (the map's maximum). Anomalous when >= threshold. */
  score: number;
  /** In pixels, of all arrays below. */
  width: number;
  height: number;
  /** RGB, [height * width * 3], row-major. */
  input: Uint8Array;
  /** RGB, [height * width * 3]. */
  reconstruction?: Uint8Array;
  /** Anomaly map, [height * width]. */
  map: Float32Array;
  /** [height * width], non-zero = defect. */
  mask?: Uint8Array;
}
