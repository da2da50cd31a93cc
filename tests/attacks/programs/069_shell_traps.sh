# class: 69 other languages: at run time
# tries: a shell that ignores its end
# sees: late
# defended: SIGKILL from outside
# argv: exec /bin/bash /box/attack.sh
# limits: wall_time=700
# weak: wall
trap '' HUP INT QUIT TERM XCPU ALRM PIPE
while :; do read -t 1 x < <(sleep 5); done
