/**
 * The releases of the reference that its authors publish results of: `latest` with settings per category, `first` with
 * one recommendation for all.
 */
export const releases = ['latest', 'first'] as const;

export type Release = (typeof releases)[number];
