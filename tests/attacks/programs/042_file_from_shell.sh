# class: 42 environment and mounted secrets
# tries: reads it from a shell
# sees: leak
# defended: a root of its own
# argv: exec /bin/sh /box/attack.sh
# weak: scratch
cat @SECRET_FILE@
