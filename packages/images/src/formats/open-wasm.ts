/** Opens a module of jsquash, compiled by emscripten; it writes into the global ImageData where there is one. */
export async function openWasm<T>(
  createModule: unknown,
  wasmBinary: Uint8Array,
  say: (message: string) => void,
): Promise<T> {
  const create = createModule as (options: object) => Promise<T>;
  const had = 'ImageData' in globalThis;
  const module = await create({ wasmBinary, noInitialRun: true, print: say, printErr: say });
  if (!had) Reflect.deleteProperty(globalThis, 'ImageData');
  return module;
}
