import { namesUnder } from '../names-under.js';
import { refuse } from './limits.js';
import { isKind, type PickleValue } from './objects.js';

type Dict = Map<PickleValue, PickleValue>;

/** Entries that hold a network's weights by their name, so that dotted names of tensors beside them do not matter. */
const wrappers = ['state_dict', 'model_state_dict', 'model', 'module', 'net', 'network', 'weights', 'params'];

const remedy = (example: string) =>
  `name one, as { key: '${example}' } or, where a path is given, as file.pth#${example}`;

/**
 * The dict of tensors in what torch.save was given: the one that `key` names, else the only one there is.
 *
 * @throws Error where there is none, or more than one could be meant
 */
export function select(saved: PickleValue, key: string | undefined): Dict {
  if (!(saved instanceof Map)) {
    throw refuse("the file does not hold a dict of tensors; save the model's state_dict()");
  }
  if (key !== undefined) {
    const chosen = named(saved, key);
    if (chosen) return chosen;
    throw refuse(`the file has no dict of tensors under "${clip(key)}"; ${entriesOf(saved)}`);
  }
  const nested = new Map<PickleValue, string>();
  for (const [name, value] of saved) if (isStateDict(value)) nested.set(value, nameOf(name));
  const tensors = [...saved].filter(([, value]) => isKind(value, 'tensor')).map(([name]) => nameOf(name));
  if (nested.size === 0) {
    if (saved.size === 0 || tensors.length > 0) return saved;
    throw refuse(`cannot tell which entry holds the weights; ${entriesOf(saved)}; ${remedy('state_dict')}`);
  }
  const [[dict, name]] = nested as Map<Dict, string>;
  // a stray tensor beside a state dict is best_acc1, not layer.weight
  const isAlone = wrappers.includes(name) || !tensors.some((tensor) => tensor.includes('.'));
  if (nested.size === 1 && isAlone) return dict;
  const found = [...(nested as Map<Dict, string>)].map(
    ([each, label]) => `${label} (${counted([...each.values()].filter((item) => isKind(item, 'tensor')))})`,
  );
  if (!isAlone) found.unshift(`the file itself (${counted(tensors)})`);
  throw refuse(`the file holds more than one state dict: ${shortened(found)}; ${remedy(name)}`);
}

/** What stands under a key, under keys joined by dots, or under all names of tensors that begin with the key. */
function named(saved: Dict, key: string): Dict | undefined {
  const direct = saved.get(key);
  if (holdsTensors(direct)) return direct;
  for (let dot = key.indexOf('.'); dot >= 0; dot = key.indexOf('.', dot + 1)) {
    const outer = saved.get(key.slice(0, dot));
    const inner = outer instanceof Map ? named(outer, key.slice(dot + 1)) : undefined;
    if (inner) return inner;
  }
  const under = namesUnder(saved, key);
  return holdsTensors(under) ? under : undefined;
}

function holdsTensors(value: PickleValue | undefined): value is Dict {
  return value instanceof Map && [...value.values()].some((item) => isKind(item, 'tensor'));
}

/** Hyperparameters may hold a tensor, too; a state dict holds little else. */
function isStateDict(value: PickleValue): value is Dict {
  if (!(value instanceof Map)) return false;
  return 2 * [...value.values()].filter((item) => isKind(item, 'tensor')).length > value.size;
}

function entriesOf(dict: Dict): string {
  return `it has ${dict.size} entries: ${shortened([...dict.keys()].map(nameOf))}`;
}

function shortened(names: string[]): string {
  return `${names.slice(0, 8).join(', ')}${names.length > 8 ? ', ...' : ''}`;
}

function counted({ length }: unknown[]): string {
  return `${length} ${length === 1 ? 'tensor' : 'tensors'}`;
}

/** The name of an entry in an error; a key made to be long, deep or a cycle is not spelt out. */
function nameOf(key: PickleValue): string {
  return typeof key === 'object' && key !== null ? 'an object' : clip(String(key));
}

function clip(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}...` : text;
}
