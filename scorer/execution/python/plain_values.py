"""Plain values over a socket: what a check and its candidate may tell each other.

A frame is four bytes of length and that many of JSON. None, bool, str, float
and int up to 64 bits stand for themselves, a list is a list; all else is an
object with one key:

    i big int, hex    t tuple    s set    f frozenset    d dict, as pairs
    b bytes, hex      a bytearray, hex    c complex, as pair    e Ellipsis
    r range           g iterator, as what it gives
    o something else: the name of its type, and nothing more

Nothing that is decoded is more than such a value: no class, no code, no
operator of the other side's crosses.
"""
import json as _json
import os as _os

_LARGEST_FRAME = 16 << 20
_LONGEST_ITERATOR = 10_000
_SMALL = 1 << 62
_SAME = frozenset((str, bool, float, type(None)))
_dumps = _json.JSONEncoder(check_circular=False, separators=(",", ":")).encode
_loads = _json.loads
_read = _os.read
_write = _os.write


class Opaque:
    """Something that is no plain value: equal to nothing, good for nothing."""

    __slots__ = ("_type",)

    def __init__(self, type_name):
        self._type = type_name

    def __eq__(self, other):
        return False

    def __ne__(self, other):
        return True

    __hash__ = None

    def __bool__(self):
        raise TypeError("not a plain value: " + self._type)

    def __repr__(self):
        return "<" + self._type + ">"


def encode(value):
    """`value` as JSON's own types."""
    kind = type(value)
    if kind in _SAME:
        return value
    if kind is int:
        return value if -_SMALL < value < _SMALL else {"i": hex(value)}
    if kind is list:
        return [encode(item) for item in value]
    if kind is tuple:
        return {"t": [encode(item) for item in value]}
    if kind is dict:
        return {"d": [[encode(k), encode(v)] for k, v in value.items()]}
    return _encode_rare(value, kind)


def _encode_rare(value, kind):
    # Types that are made of a plain one (Counter, a named tuple, an enum of
    # ints) go as what they are made of.
    if isinstance(value, int):
        return encode(int.__add__(value, 0))
    if isinstance(value, float):
        return float.__add__(value, 0.0)
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, list):
        return [encode(item) for item in list.__iter__(value)]
    if isinstance(value, tuple):
        return {"t": [encode(item) for item in tuple.__iter__(value)]}
    if isinstance(value, dict):
        return {"d": [[encode(k), encode(v)] for k, v in dict.items(value)]}
    if isinstance(value, (set, type({}.keys()))):
        return {"s": [encode(item) for item in value]}
    if isinstance(value, frozenset):
        return {"f": [encode(item) for item in value]}
    if isinstance(value, bytes):
        return {"b": bytes.hex(value)}
    if isinstance(value, bytearray):
        return {"a": bytearray.hex(value)}
    if isinstance(value, complex):
        return {"c": [value.real, value.imag]}
    if kind is range:
        return {"r": [encode(value.start), encode(value.stop),
                      encode(value.step)]}
    if value is Ellipsis:
        return {"e": 0}
    if hasattr(kind, "__next__"):
        items = []
        for item in value:
            if len(items) == _LONGEST_ITERATOR:
                return {"o": kind.__name__}
            items.append(encode(item))
        return {"g": items}
    return {"o": kind.__name__}


def decode(value):
    """The plain value. ValueError or TypeError where it is none."""
    kind = type(value)
    if kind in _SAME or kind is int:
        return value
    if kind is list:
        return [decode(item) for item in value]
    if kind is not dict or len(value) != 1:
        raise ValueError("not a plain value")
    (tag, body), = value.items()
    return _DECODERS[tag](body)


def _decode_int(body):
    number = int(_exactly(body, str), 16)
    if -_SMALL < number < _SMALL:
        raise ValueError("not a big int")
    return number


def _exactly(body, kind):
    if type(body) is not kind:
        raise ValueError("not a plain value")
    return body


def _items(body):
    return [decode(item) for item in _exactly(body, list)]


def _decode_complex(body):
    real, imag = _exactly(body, list)
    return complex(_exactly(real, float), _exactly(imag, float))


def _decode_range(body):
    start, stop, step = _items(body)
    return range(_exactly(start, int), _exactly(stop, int), _exactly(step, int))


_DECODERS = {
    "i": _decode_int,
    "t": lambda body: tuple(_items(body)),
    "s": lambda body: set(_items(body)),
    "f": lambda body: frozenset(_items(body)),
    "d": lambda body: {decode(k): decode(v) for k, v in _exactly(body, list)},
    "b": lambda body: bytes.fromhex(_exactly(body, str)),
    "a": lambda body: bytearray.fromhex(_exactly(body, str)),
    "c": _decode_complex,
    "r": _decode_range,
    "e": lambda body: ...,
    "g": lambda body: iter(_items(body)),
    "o": lambda body: Opaque(_exactly(body, str)[:80]),
}


def send_bytes(fd, body):
    """Writes one frame. OSError: the other side is gone."""
    data = memoryview(len(body).to_bytes(4, "little") + body)
    while data:
        data = data[_write(fd, data):]


def _receive_exactly(fd, size):
    data = _read(fd, size)
    if len(data) == size:
        return data
    parts = [data]
    left = size - len(data)
    while left:
        data = _read(fd, min(left, 1 << 20))
        if not data:
            raise EOFError
        parts.append(data)
        left -= len(data)
    return b"".join(parts)


def receive_bytes(fd):
    """The next frame. EOFError: there is none."""
    head = _read(fd, 4)
    if len(head) < 4:
        if not head:
            raise EOFError
        head += _receive_exactly(fd, 4 - len(head))
    size = int.from_bytes(head, "little")
    if size > _LARGEST_FRAME:
        raise ValueError("too much to tell")
    return _receive_exactly(fd, size) if size else b""


def send_value(fd, value):
    send_bytes(fd, _dumps(value).encode("ascii"))


def receive_value(fd):
    return _loads(receive_bytes(fd))
