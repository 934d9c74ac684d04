/** Training and test images of each category. */
type Counts = Record<string, readonly [train: number, test: number]>;

const mvtec: Counts = {
  carpet: [280, 117],
  grid: [264, 78],
  leather: [245, 124],
  tile: [230, 117],
  wood: [247, 79],
  bottle: [209, 83],
  cable: [224, 150],
  capsule: [219, 132],
  hazelnut: [391, 110],
  metal_nut: [220, 115],
  pill: [267, 167],
  screw: [320, 160],
  toothbrush: [60, 42],
  transistor: [213, 100],
  zipper: [240, 151],
};

const visa: Counts = {
  candle: [900, 200],
  capsules: [542, 160],
  cashew: [450, 150],
  chewinggum: [453, 150],
  fryum: [450, 150],
  macaroni1: [900, 200],
  macaroni2: [900, 200],
  pcb1: [904, 200],
  pcb2: [901, 200],
  pcb3: [905, 201],
  pcb4: [904, 201],
  pipe_fryum: [450, 150],
};

const counts: Record<string, Counts> = { mvtec, visa };

/**
 * How many images a category of MVTec AD (Bergmann et al., IJCV 2021, table 1) or VisA (the authors' split `1cls.csv`) has: what
 * tells the published set from another with the same name.
 *
 * @returns undefined for any other data set or category
 */
export function publishedCounts(kind: string, category: string): { train: number; test: number } | undefined {
  if (!Object.hasOwn(counts, kind) || !Object.hasOwn(counts[kind], category)) return undefined;
  const [train, test] = counts[kind][category];
  return { train, test };
}
