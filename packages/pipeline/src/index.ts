export { type LoadConfigOptions, loadConfig } from './config/load-config.js';
export type { Config, ConfigInput } from './config/schema.js';
export { asUserError, UserError } from './user-error.js';
