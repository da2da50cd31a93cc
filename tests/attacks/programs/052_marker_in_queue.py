# class: 52 marker for the next run
# tries: leaves a segment of System V for the next, and finds the machine's
# sees: says leak
# defended: the filter, and an IPC namespace
# starts: 2
# weak: ipc seccomp
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p
segment = libc.shmget(SHM_KEY, 4096, 0)
say(ctypes.get_errno())
if segment >= 0:
    say(ctypes.string_at(libc.shmat(segment, None, 0), 40))
