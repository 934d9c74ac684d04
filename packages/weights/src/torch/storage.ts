import { dtypes } from '../state-dict.js';
import { refuse } from './limits.js';
import { isKind, type PickleValue, type Storage, storageDType, untypedStorage } from './objects.js';

/**
 * Reads torch's persistent ids, `('storage', type, key, location, count)`, legacy files with a sixth element.
 * The same key gives the same storage.
 */
export function storageTable() {
  const storages = new Map<string, Storage>();
  const views = new Map<string, Storage>();

  function persistent(id: PickleValue): Storage {
    if (!Array.isArray(id) || id[0] !== 'storage') {
      throw refuse(`the pickle refers to ${describe(id)}, only storages are read`);
    }
    const [, type, key, , count, view] = id;
    if (!isKind(type, 'global') || (!storageDType(type.name) && type.name !== untypedStorage)) {
      throw refuse('the pickle refers to a storage of an unknown type');
    }
    if ((typeof key !== 'string' && typeof key !== 'number') || !isCount(count)) {
      throw refuse('the pickle refers to a storage with an impossible key or size');
    }
    const storage: Storage = {
      kind: 'storage',
      dtype: storageDType(type.name),
      key: String(key),
      count,
      viewOffset: 0,
    };
    const known = remember(storages, storage.key, storage);
    return Array.isArray(view) ? viewOf(known, view) : known;
  }

  function viewOf(storage: Storage, view: PickleValue[]): Storage {
    const [key, offset, count] = view;
    if (typeof key !== 'string' || !isCount(offset) || !isCount(count) || offset + count > storage.count) {
      throw refuse(`storage "${storage.key}" has an impossible view`);
    }
    const part: Storage = { ...storage, key: storage.key, viewOffset: offset };
    return remember(views, `${storage.key}/${key}`, part);
  }

  /** Gives every storage its memory; `load` is asked once per key. */
  function fill(load: (storage: Storage, byteLength: number) => Uint8Array): void {
    for (const storage of storages.values()) {
      const expected = byteLength(storage);
      const bytes = load(storage, expected);
      if (bytes.length !== expected) {
        throw refuse(`storage "${storage.key}" needs ${expected} bytes, the file holds ${bytes.length}`);
      }
      storage.bytes = bytes;
    }
    for (const view of views.values()) view.bytes = storages.get(view.key)!.bytes;
  }

  return { persistent, fill, storages };
}

/** Bytes of an element of the storage. */
export function elementSize({ dtype }: Storage): number {
  return dtype ? dtypes[dtype].BYTES_PER_ELEMENT : 1;
}

function byteLength(storage: Storage): number {
  return storage.count * elementSize(storage);
}

function remember(table: Map<string, Storage>, key: string, storage: Storage): Storage {
  const known = table.get(key);
  if (!known) table.set(key, storage);
  else if (known.dtype !== storage.dtype || known.count !== storage.count) {
    throw refuse(`storage "${storage.key}" is described in two ways`);
  }
  return known ?? storage;
}

function isCount(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value * 8) && value >= 0;
}

function describe(id: PickleValue): string {
  return Array.isArray(id) && typeof id[0] === 'string' ? `a "${id[0]}"` : 'what is no storage';
}
