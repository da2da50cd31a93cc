# class: 37 segfault
# tries: aborts; no core is left
# sees: marker survivor
# defended: the limit of core files is 0
# weak: none: it leaves something only where cores are on
import resource
try:
    resource.setrlimit(resource.RLIMIT_CORE, (-1, -1))
except (OSError, ValueError) as error:
    say(error)
os.abort()
