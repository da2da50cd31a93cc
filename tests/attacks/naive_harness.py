"""Harnesses that trust the candidate, each as they are found in the field: what
the attacks on hidden tests are shown to fool.

    naive_harness.py KIND

Reads /box/program.py and /box/tests.py (which defines check(candidate) and
EXPECTED), prints PASSED or FAILED as its last line. Runs inside a sandbox of
its own; the kinds differ in how the verdict leaves the candidate's process.
"""
import json
import os
import pickle
import subprocess
import sys
import time
import unittest

PROGRAM = open("/box/program.py").read()
TESTS = open("/box/tests.py").read()
LIMIT = 1.0  # Seconds that a candidate may take.


def child(source, *fds, **more):
    return subprocess.run([sys.executable, "-I", "-S", "-c", source],
                          capture_output=True, pass_fds=fds, **more)


def by_exit():
    return child(PROGRAM + "\n" + TESTS + "\ncheck(solve)\n").returncode == 0


def by_print():
    ran = child(PROGRAM + "\n" + TESTS +
                "\ncheck(solve)\nprint('ALL TESTS PASSED')\n")
    return b"ALL TESTS PASSED" in ran.stdout


def by_last_line():
    ran = child(PROGRAM + "\n" + TESTS + "\ntry:\n    check(solve)\n"
                "    print('passed')\nexcept BaseException:\n"
                "    print('failed')\n")
    lines = ran.stdout.split()
    return bool(lines) and lines[-1] == b"passed"


def by_file():
    child(PROGRAM + "\n" + TESTS + "\nimport json\nok = True\n"
          "try:\n    check(solve)\nexcept BaseException:\n    ok = False\n"
          "json.dump({'passed': ok}, open('/tmp/result.json', 'w'))\n")
    try:
        return json.load(open("/tmp/result.json"))["passed"] is True
    except (OSError, ValueError):
        return False


def by_fd():
    ours, theirs = os.pipe()
    child(PROGRAM + "\n" + TESTS + "\nok = b'P'\n"
          "try:\n    check(solve)\nexcept BaseException:\n    ok = b'F'\n"
          f"import os\nos.write({theirs}, ok)\n", theirs)
    os.close(theirs)
    return os.read(ours, 1) == b"P"


def by_json():
    ran = child(PROGRAM + "\n" + TESTS + "\nimport json\n"
                "results = [solve(x) == EXPECTED[x] for x in range(20)]\n"
                "print(json.dumps(results))\n")
    try:
        return all(json.loads(ran.stdout.split(b"\n")[-2]))
    except (ValueError, IndexError):
        return False


def by_pickle():
    ran = child(PROGRAM + "\nimport pickle, sys\n"
                "sys.stdout.buffer.write("
                "pickle.dumps([solve(x) for x in range(20)]))\n")
    names = {}
    exec(TESTS, names)
    return pickle.loads(ran.stdout) == [names["EXPECTED"][x]
                                        for x in range(20)]


def by_repr():
    ran = child(PROGRAM + "\nprint(repr([solve(x) for x in range(20)]))\n")
    names = {}
    exec(TESTS, names)
    return eval(ran.stdout) == [names["EXPECTED"][x] for x in range(20)]


LINK = """
import builtins, json, os, socket
_ours, _theirs = socket.socketpair()
if os.fork() == 0:
    os.dup2(_theirs.fileno(), 3)
    os.closerange(4, 64)
    exec(PROGRAM, _names := {})
    while os.read(3, 1):
        try:
            _text = json.dumps({"v": _names["solve"](0)}).encode()
        except BaseException as error:
            _text = json.dumps({"x": [[type(error).__name__], ""]}).encode()
        os.write(3, len(_text).to_bytes(4, "little") + _text)
    os._exit(0)
_theirs.close()


def solve(x):
    _ours.send(b"x")
    size = int.from_bytes(_ours.recv(4), "little")
    answer = json.loads(_ours.recv(size) or b"null") if size else None
    if "x" in answer:
        kinds, text = answer["x"]
        raise getattr(builtins, kinds[0])(text)
    return answer["v"]
"""


def by_link():
    # The candidate answers from a process of its own, but its errors are
    # trusted: each is made again by its name. The exit code is the verdict.
    return child(f"PROGRAM = {PROGRAM!r}\n" + LINK + TESTS +
                 "\ncheck(solve)\n").returncode == 0


def in_process():
    # As HumanEval's execution.py: a verdict in a list, BaseException caught.
    result = []
    try:
        exec(PROGRAM + "\n" + TESTS + "\ncheck(solve)\n", {})
        result.append("passed")
    except BaseException as error:
        result.append(f"failed: {type(error)}")
    return result[0] == "passed"


def by_words():
    # The verdict is reported in the candidate's own words.
    try:
        exec(PROGRAM + "\n" + TESTS + "\ncheck(solve)\n", {})
    except BaseException as error:
        text = f"failed: {type(error).__name__}: {error}"
        sys.stdout.buffer.write(text.encode("utf-8", "surrogatepass"))
        sys.stdout.flush()
        os._exit(0)
    return True


def in_function():
    # The candidate is called by functions of the harness's own.
    names = {}
    exec(PROGRAM, names)
    exec(TESTS, tests := {})
    return verdict_of(names["solve"], tests["EXPECTED"])


def verdict_of(solve, expected):
    verdict = True
    for x in range(20):
        if not same(solve(x), expected[x]):
            verdict = False
    time.sleep(0.05)  # A thread of the candidate may still be running.
    return verdict and STATE["failed"] == 0


STATE = {"failed": 0}


def same(got, wanted):
    equal = got == wanted
    if not equal:
        STATE["failed"] += 1
    return equal


def in_unittest():
    names = {}
    exec(PROGRAM, names)
    exec(TESTS, tests := {})

    class Test(unittest.TestCase):
        def test_all(self):
            for x in range(20):
                self.assertEqual(names["solve"](x), tests["EXPECTED"][x])

    suite = unittest.defaultTestLoader.loadTestsFromTestCase(Test)
    result = unittest.TextTestRunner(stream=sys.stderr).run(suite)
    return result.wasSuccessful()


def by_clock():
    begin = time.monotonic()
    in_process()
    return time.monotonic() - begin < LIMIT


def by_discovery():
    # Tests are found in the folder where the candidate could write.
    os.makedirs("/tmp/work", exist_ok=True)
    os.chdir("/tmp/work")
    open("test_hidden.py", "w").write(
        "import unittest\n" + PROGRAM + "\n" + TESTS +
        "\nclass Test(unittest.TestCase):\n    def test_all(self):\n"
        "        check(solve)\n")
    subprocess.run([sys.executable, "-I", "-S", "-c", PROGRAM],
                   capture_output=True)
    ran = subprocess.run([sys.executable, "-m", "unittest"],
                         capture_output=True)
    return ran.returncode == 0


def main():
    kind = globals()[sys.argv[1]]
    try:
        passed = kind()
    except BaseException as error:
        sys.stdout.write(f"\n{type(error).__name__}: {error}")
        passed = False
    sys.stdout.write("\nPASSED\n" if passed else "\nFAILED\n")
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
