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
from json import JSONDecoder as _Decoder
from json.encoder import c_make_encoder as _make_encoder
from json.encoder import encode_basestring_ascii as _text_of
import os as _os

_LARGEST_FRAME = 16 << 20
_LONGEST_ITERATOR = 10_000
_SMALL = 1 << 62
_SAME = frozenset((str, bool, float, type(None)))
_scan = _Decoder().scan_once


def _no_json(value):
    raise TypeError("not one of JSON's types")


# JSONEncoder makes such a one for each text.
_chunks = _make_encoder(None, _no_json, _text_of, None, ":", ",", False, False,
                        True)
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


def dumps(value):
    """JSON's own types as bytes."""
    return "".join(_chunks(value, 0)).encode("ascii")


def loads(body):
    """JSON's own types from bytes. ValueError: that is no JSON."""
    text = body.decode("ascii")
    try:
        value, end = _scan(text, 0)
    except StopIteration:
        raise ValueError("no JSON") from None
    if end != len(text):
        raise ValueError("more than JSON")
    return value


def frame(body):
    return len(body).to_bytes(4, "little") + body


class Frames:
    """The frames of a descriptor."""

    def __init__(self, fd):
        self._fd = fd
        self._ahead = b""  # Read, but not yet asked for.

    def send(self, body):
        """Writes one frame. OSError: the other side is gone."""
        self.send_raw(frame(body))

    def send_raw(self, data):
        sent = _write(self._fd, data) if data else 0
        while sent < len(data):
            sent += _write(self._fd, memoryview(data)[sent:])

    def receive(self):
        """The next frame. EOFError: there is none."""
        while len(self._ahead) < 4:
            self._more(1 << 16)
        size = 4 + int.from_bytes(self._ahead[:4], "little")
        if size > _LARGEST_FRAME:
            raise ValueError("too much to tell")
        if len(self._ahead) < size:
            parts = [self._ahead]
            left = size - len(self._ahead)
            while left > 0:
                self._ahead = b""
                self._more(min(left, 1 << 20))
                parts.append(self._ahead)
                left -= len(self._ahead)
            self._ahead = b"".join(parts)
        body = self._ahead[4:size]
        self._ahead = self._ahead[size:]
        return body

    def _more(self, most):
        data = _read(self._fd, most)
        if not data:
            raise EOFError
        self._ahead += data
