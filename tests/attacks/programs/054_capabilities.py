# class: 54 state of privileges
# tries: has or takes capabilities
# sees: says
# defended: none, and none to gain
# weak: root seccomp
import struct
header = struct.pack("Ii", 0x20080522, 0)
import ctypes
data = ctypes.create_string_buffer(24)
libc = ctypes.CDLL(None)
libc.syscall(125, header, data)
if any(struct.unpack("6I", data.raw)):
    escaped(struct.unpack("6I", data.raw))
reaches_kernel("capset", 126, header, bytes(b"\xff" * 24))
