import { openZip } from '../zip/open-zip.js';
import { refuse } from './limits.js';
import type { PickleValue } from './objects.js';
import { elementSize, storageTable } from './storage.js';
import { unpickle } from './unpickle.js';

/** First bytes of torch.save's format before 1.6: a pickle of the magic number 0x1950a86a20f9469cfc6c. */
const legacyMagic = [0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];

export type TorchFormat = 'zip' | 'legacy';

export function torchFormat(bytes: Uint8Array): TorchFormat | undefined {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4) return 'zip';
  if (bytes[0] === 0x80 && legacyMagic.every((byte, i) => bytes[2 + i] === byte)) return 'legacy';
  return undefined;
}

/** What torch.save was given, its storages filled with views into `bytes`. */
export function load(bytes: Uint8Array): PickleValue {
  const format = torchFormat(bytes);
  if (format === 'zip') return loadZip(bytes);
  if (format === 'legacy') return loadLegacy(bytes);
  throw refuse(
    `needs a file of torch.save (zip, or legacy with its magic number), got ${bytes.length} bytes that are ` +
      'neither; save the state dict with torch.save',
  );
}

function loadZip(bytes: Uint8Array): PickleValue {
  const zip = openZip(bytes, { who: 'readTorch' });
  const pickles = zip.names.filter((name) => /^[^/]+\/data\.pkl$/.test(name));
  if (pickles.length !== 1) {
    throw refuse(`needs one data.pkl in the zip, got ${pickles.length}; was it written by torch.save?`);
  }
  const root = pickles[0].slice(0, -'data.pkl'.length);
  if (zip.names.includes(`${root}constants.pkl`)) {
    throw refuse('this is a TorchScript program; save its state_dict() with torch.save instead');
  }
  if (zip.names.includes(`${root}byteorder`)) {
    const order = new TextDecoder().decode(zip.read(`${root}byteorder`).subarray(0, 16));
    if (order !== 'little') throw refuse(`the file is ${JSON.stringify(order)}-endian, only little is read`);
  }
  const table = storageTable();
  const { value } = unpickle(zip.read(pickles[0]), 0, table.persistent);
  table.fill((storage) => zip.read(`${root}data/${storage.key}`));
  return value;
}

/** Five pickles (magic, version, system, object, storage keys), then the storages, each after its length. */
function loadLegacy(bytes: Uint8Array): PickleValue {
  const table = storageTable();
  let position = 0;
  const next = (): PickleValue => {
    const { value, end } = unpickle(bytes, position, table.persistent);
    position = end;
    return value;
  };
  next();
  const version = next();
  if (version !== 1001) throw refuse(`the legacy file has version ${String(version)}, only 1001 is read`);
  const system = next();
  if (!(system instanceof Map) || system.get('little_endian') !== true) {
    throw refuse('the legacy file was not written on a little-endian machine, only those are read');
  }
  const value = next();
  const keys = next();
  if (!Array.isArray(keys) || keys.length !== table.storages.size) {
    throw refuse('the legacy file lists other storages than its tensors use; is it damaged?');
  }
  const contents = new Map<string, Uint8Array>();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const key of keys.map(String)) {
    const storage = table.storages.get(key);
    if (!storage) throw refuse(`the legacy file holds storage "${key}", which no tensor uses`);
    const begin = position + 8;
    position = begin + storage.count * elementSize(storage);
    if (position > bytes.length) throw refuse(`storage "${key}" is cut short; fetch the file again`);
    if (view.getBigInt64(begin - 8, true) !== BigInt(storage.count)) {
      throw refuse(`storage "${key}" does not have the ${storage.count} elements its tensors expect`);
    }
    contents.set(key, bytes.subarray(begin, position));
  }
  table.fill((storage) => contents.get(storage.key)!);
  return value;
}
