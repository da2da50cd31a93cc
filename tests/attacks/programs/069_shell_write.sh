# class: 69 other languages: at run time
# tries: a shell writes where others read
# sees: marker
# defended: a root of its own
# argv: exec /bin/sh /box/attack.sh
# weak: scratch-rw
echo x > @MARKERS@/from-shell
