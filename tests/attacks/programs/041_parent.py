# class: 41 /proc of others
# tries: reads the environment, files and memory of process 1 and of its parent
# sees: leak says
# defended: process 1 is the program itself
# weak: none: the reference tier has no process 1 but the program
for entry in ("1", str(os.getppid()), "self"):
    for name in ("environ", "cmdline", "maps"):
        try:
            text = open(f"/proc/{entry}/{name}").read()
            if "bwrap" in text or "sandbox_zygote" in text:
                escaped(text)
            say(text[:100])
        except OSError as error:
            say(error)
