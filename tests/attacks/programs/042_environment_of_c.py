# class: 42 environment and mounted secrets
# tries: reads the environment that C sees
# sees: leak
# defended: an environment of its own
# weak: env
import ctypes
environ = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
i = 0
while environ and environ[i]:
    say(environ[i])
    i += 1
