// Plain values between a check and its candidate, in lines of ASCII JSON. null,
// booleans, strings and finite numbers stand for themselves, an array is an
// array; all else is an object with one key:
//
//   n number that JSON has no word for    u undefined    b bigint, in digits
//   o object, as pairs    m Map, as pairs    s Set    d Date, in milliseconds
//   x something else: the name of its type, and nothing more
//
// Nothing that is unpacked is more than such a value: no function, no class, no
// prototype of the other side's crosses.
const MOST_VALUES = 1e6;

// Something that is no plain value: equal to nothing but itself.
class Opaque {
  constructor(type) {
    this.type = type;
  }
}

function pack(value, left = {count: MOST_VALUES}) {
  if (--left.count < 0) throw new RangeError('too many values');
  switch (typeof value) {
    case 'undefined':
      return {u: 0};
    case 'boolean':
    case 'string':
      return value;
    case 'number':
      return isFinite(value) && !Object.is(value, -0) ? value : {
        n: Object.is(value, -0) ? '-0' : `${value}`};
    case 'bigint':
      return {b: `${value}`};
    case 'object':
      break;
    default:
      return {x: typeof value};
  }
  if (value === null) return null;
  const packed = (item) => pack(item, left);
  const pairs = (list) => list.map(([k, v]) => [packed(k), packed(v)]);
  if (isArray(value)) return Array.from(value, packed);
  if (value instanceof Map) return {m: pairs([...value])};
  if (value instanceof Set) return {s: [...value].map(packed)};
  if (value instanceof Date) return {d: packed(value.getTime())};
  const prototype = getPrototypeOf(value);
  if (prototype === null || getPrototypeOf(prototype) === null) {
    return {o: pairs(Object.entries(value))};
  }
  return {x: String(value.constructor && value.constructor.name).slice(0, 80)};
}

function asText(value) {
  return stringify(value).replace(/[\u007f-\uffff]/g, (c) =>
      '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'));
}

function exactly(value, type) {
  if (typeof value !== type) throw new TypeError('no plain value');
  return value;
}

function listOf(value) {
  if (!isArray(value)) throw new TypeError('no plain value');
  return value;
}

const UNPACKERS = {
  __proto__: null,
  u: () => undefined,
  n: (body) => Number(exactly(body, 'string')),
  b: (body) => BigInt(exactly(body, 'string')),
  o: (body) => fromEntries(unpackPairs(body, true)),
  m: (body) => new Map(unpackPairs(body, false)),
  s: (body) => new Set(listOf(body).map(unpack)),
  d: (body) => new Date(exactly(unpack(body), 'number')),
  x: (body) => new Opaque(exactly(body, 'string').slice(0, 80)),
};

function unpackPairs(body, named) {
  return listOf(body).map((pair) => {
    const [key, value] = listOf(pair);
    return [named ? exactly(key, 'string') : unpack(key), unpack(value)];
  });
}

// TypeError or SyntaxError: no plain value.
function unpack(value) {
  if (value === null || typeof value !== 'object') return value;
  if (isArray(value)) return value.map(unpack);
  const names = keys(value);
  const unpacker = UNPACKERS[names[0]];
  if (names.length !== 1 || unpacker === undefined) {
    throw new TypeError('no plain value');
  }
  return unpacker(value[names[0]]);
}
