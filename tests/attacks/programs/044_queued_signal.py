# class: 44 signals to others
# tries: kills it by tgkill
# sees: victim
# defended: a process namespace
# weak: pid
import time
say(call(234, VICTIM, VICTIM, 9))
time.sleep(0.2)
