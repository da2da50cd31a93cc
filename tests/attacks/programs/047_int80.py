# class: 47 int 0x80 and x32
# tries: calls the kernel by its 32-bit door
# sees: says
# defended: the filter kills at another architecture's door
# weak: seccomp
import ctypes
import mmap
# mov eax, 20 (getpid); int 0x80; ret
code = b"\xb8\x14\x00\x00\x00\xcd\x80\xc3"
page = mmap.mmap(-1, 4096, prot=7)
page.write(code)
address = ctypes.addressof(ctypes.c_char.from_buffer(page))
escaped(ctypes.CFUNCTYPE(ctypes.c_int)(address)())
