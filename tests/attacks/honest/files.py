import os
import tempfile


def solve(lines):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "notes.txt")
        with open(path, "w") as file:
            file.writelines(line + "\n" for line in lines)
        os.rename(path, path + ".old")
        with open(path + ".old") as file:
            found = [line.strip() for line in file]
    return found, os.path.exists(folder)
# TESTS
def check(candidate):
    assert candidate(["a", "b"]) == (["a", "b"], False)
