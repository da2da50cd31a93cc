# class: 69 other languages: at run time
# tries: a shell prints variables
# sees: leak
# defended: an environment of its own
# argv: exec /bin/sh /box/attack.sh
# weak: env
env; cat /proc/self/environ
