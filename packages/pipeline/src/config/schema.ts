import { datasetKinds } from '@ddad/datasets';
import { configSchema as detectorConfigSchema } from '@ddad/detector';
import { z } from 'zod';

const { data } = detectorConfigSchema.shape;

/** The resolved configuration of what makes detectors: a detector's, of a data set that can be opened here. */
export const configSchema = detectorConfigSchema.extend({
  data: data
    .extend({ kind: z.enum(datasetKinds).describe(data.shape.kind.description!) })
    .describe(data.description!),
});

/** A resolved configuration, as `loadConfig` returns it. */
export type Config = z.infer<typeof configSchema>;

type DeepPartial<T> = T extends (infer _)[]
  ? T
  : T extends object
    ? { [K in keyof T]?: DeepPartial<T[K]> }
    : T;

/** What a user writes: any part of a {@link Config}; the preset gives the rest, and the data set's folders its kind. */
export type ConfigInput = DeepPartial<Omit<Config, 'data'>> & {
  data?: Omit<DeepPartial<Config['data']>, 'kind'> & { kind?: Config['data']['kind'] | 'auto' };
};
