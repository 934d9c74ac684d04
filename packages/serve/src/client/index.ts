export { type Client, type ClientOptions, createClient } from './create-client.js';
export type { Body, Operations } from './generated.js';
export { StationError } from './station-error.js';
