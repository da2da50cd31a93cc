# class: 54 state of privileges
# tries: runs programs that become root
# sees: says
# defended: no_new_privs, nosuid
# limits: wall_time=3000
# weak: none: they would ask for a password
for program in ("/usr/bin/su", "/usr/bin/sudo", "/usr/bin/passwd",
                "/usr/bin/newgrp", "/usr/bin/mount", "/usr/bin/bwrap"):
    if not os.access(program, os.X_OK):
        continue
    child = os.fork()
    if child == 0:
        os.dup2(3, 1)
        arguments = {"su": ["-c", "id -u"], "sudo": ["-n", "id", "-u"],
                     "bwrap": ["--bind", "/", "/", "--", "/bin/echo",
                               "ESCAPED"]}
        name = program.rpartition("/")[2]
        try:
            os.execv(program, [name, *arguments.get(name, [])])
        except OSError:
            os._exit(1)
    os.waitpid(child, 0)
