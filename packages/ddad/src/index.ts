export * from '@ddad/datasets';
export * from '@ddad/detector';
export * from '@ddad/diffusion';
export * from '@ddad/features';
export * from '@ddad/images';
export * from '@ddad/metrics';
export * from '@ddad/nn';
// pipeline's is the narrower: of a data set that can be opened
export type { Config } from '@ddad/pipeline';
export * from '@ddad/pipeline';
export * from '@ddad/report';
export * from '@ddad/scoring';
export { type Limits, type ServeOptions, type Station, serve } from '@ddad/serve';
export * from '@ddad/weights';
