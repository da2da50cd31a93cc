# class: 46 dangerous system calls
# tries: random calls with random arguments, in children that may crash
# sees: victim survivor marker leak connection
# defended: the filter, and the namespaces
# limits: wall_time=5000 cpu_time=5000
# weak: none: what random calls do where they are allowed can't be told
import ctypes
import random
import signal
import time

libc = ctypes.CDLL(None, use_errno=True)
# Those that only end or stop the caller: exit, pause, kill of itself ...
DULL = {60, 231, 34, 62, 200, 234, 35, 230, 7, 23, 232, 270, 271, 281, 15, 61,
        247, 128, 130, 219, 202, 449, 3, 436, 11, 10, 25, 12}


def fuzz(seed):
    pick = random.Random(seed)
    page = ctypes.create_string_buffer(1 << 16)
    start = ctypes.addressof(page)
    signal.alarm(1)
    while True:
        number = pick.choice((pick.randrange(460), pick.randrange(1 << 31)))
        if number in DULL:
            continue
        words = [ctypes.c_long(pick.choice(
            (0, 1, 3, -1, start, start + 4096, pick.getrandbits(63),
             pick.randrange(256), 0x7e020000, 1 << 32, os.getpid())))
            for _ in range(6)]
        libc.syscall(ctypes.c_long(number), *words)


until = time.monotonic() + 3
children = 0
while time.monotonic() < until:
    try:
        child = os.fork()
    except OSError:
        time.sleep(0.01)
        continue
    if child == 0:
        try:
            fuzz(os.urandom(8))
        finally:
            os._exit(0)
    children += 1
    while time.monotonic() < until and os.waitpid(child, os.WNOHANG)[0] == 0:
        time.sleep(0.005)
os._exit(0)
