# class: 26 grandchild holds stdout
# tries: the same from a shell, with output that is collected
# sees: late survivor
# defended: a process namespace that ends with its first process
# limits: wall_time=1000
# argv: exec /bin/sh /box/attack.sh
# weak: pid die
(setsid sleep 15 &)
echo done
