# class: 37 segfault
# tries: overwrites objects of the interpreter that is shared by copy, so that
#   the next start would find them changed
# sees: says
# defended: each start has a copy of its own
# starts: 3
# weak: none: the reference tier starts a new interpreter each time
import ctypes
if 257 != eval("256 + 1") or len((1, 2)) != 2 or ord("\x07") == 8:
    escaped("changed by the start before")
if sys.getsizeof(7) and id(7) and ctypes.c_int.from_address(id(7) + 24).value != 7:
    escaped("seven is not seven")
ctypes.c_int.from_address(id(7) + 24).value = 8
sys.modules["os"].left_behind = True
os._exit(0)
