# class: 51 overwrites harness, stdlib, .pth
# tries: overwrites its own harness
# sees: says
# defended: /box is read-only, or absent
# weak: root-rw
for path in ("/box/main.py", "/box/attack.py", "/box/x"):
    try:
        with open(path, "w") as file:
            file.write("print('passed')")
        escaped(path)
    except OSError as error:
        say(error)
