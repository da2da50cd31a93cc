# class: 28 400 forks
# tries: a shell that starts 200 sleepers
# sees: says
# defended: the limit of processes
# limits: wall_time=4000
# argv: exec /bin/sh /box/attack.sh
# weak: nproc
n=0
while [ $n -lt 200 ]; do
  sleep 20 &
  n=$((n + 1))
  [ $n -gt 40 ] && echo ESCAPED $n && exit
done
