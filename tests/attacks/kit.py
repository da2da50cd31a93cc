"""Reads attack programs, has the driver run them, and says what they achieved.

An attack is a file of programs/ that begins with a header of comment lines:

    class:    the number and name in the list of attacks
    tries:    what it does
    sees:     how one sees that it worked (an EVIDENCE below)
    defended: by what
    weak:     what is taken away so that it works: a kind of naive_harness.py
              as "naive KIND", or words of weakenings.py; "none: why" where it
              can't be shown without harm
    limits:   optional, NAME=VALUE ... of the driver's orders
    tests:    optional, which of hidden_tests.TESTS is used
    argv:     optional: the command that runs /box/attack.EXT
    starts:   optional: how often it is started in a row
    open:     optional, "TIER: why": a tier that is known not to hold

A program in another language without "argv" is an attack on that language's
hidden tests: foreign.py says what else its header has.
"""
import dataclasses
import os
import pathlib
import secrets
import time

import foreign
import hidden_tests
import weakenings
from bait import Bait, remove
from driver import Driver

HERE = pathlib.Path(__file__).resolve().parent
TIERS = ("zygote", "bubblewrap")
PYTHON = ["/usr/bin/python3", "-I", "-S", "-B", "/box/attack.py"]

EVIDENCE = ("passed", "dirty", "says", "leak", "marker", "connection", "victim",
            "survivor", "late", "memory")


@dataclasses.dataclass
class Attack:
    path: pathlib.Path
    header: dict
    source: str

    @property
    def name(self):
        return self.path.name

    @property
    def number(self):
        return int(self.header["class"].split()[0])

    @property
    def is_check(self):
        return (foreign.is_foreign(self) or
                bool({"passed", "dirty"} & set(self.header["sees"].split())))

    def hidden_tests(self):
        return hidden_tests.make(self.header.get("tests", "plain"))


def read_attack(path):
    header = {}
    source = path.read_text("utf-8", "surrogateescape")
    for line in source.splitlines():
        words = line.lstrip("#/ ")
        if not line.startswith(("# ", "// ")):
            break
        name, colon, value = words.partition(":")
        if colon and name.isidentifier() and name.islower():
            last = name
            header[name] = value.strip()
        elif header:
            header[last] += " " + words.strip()
    for name in ("class", "tries", "sees", "defended", "weak"):
        if name not in header:
            raise ValueError(f"{path}: no '{name}:' in its header")
    for word in header["sees"].split():
        if word not in EVIDENCE:
            raise ValueError(f"{path}: sees: {word}?")
    return Attack(path, header, source)


def attacks():
    return [read_attack(path) for path in sorted((HERE / "programs").glob("[0-9]*"))
            if path.is_file()]


def python_source(attack, bait, as_template):
    """The attack with its preamble; a template does its work in main()."""
    names = "".join(f"{name} = {value!r}\n" for name, value in
                    bait.names(secrets.token_hex(6)).items())
    text = names + (HERE / "preamble.py").read_text()
    text += (f"\nATTACK = {attack.source!r}\n"
             "def main():\n"
             "    try:\n"
             "        exec(compile(ATTACK, 'attack.py', 'exec'), globals())\n"
             "    except BaseException as error:\n"
             "        say(f'ended by {type(error).__name__}: {error}')\n"
             "        raise\n"
             "    say('ran to its end')\n")
    return text if as_template else text + "main()\n"


def limits_of(attack):
    limits = {"cpu_time": "2000", "wall_time": "2000"}
    for word in attack.header.get("limits", "").split():
        name, _, value = word.partition("=")
        limits[name] = value
    return limits


def with_names(text, bait):
    for name, value in bait.names(secrets.token_hex(6)).items():
        text = text.replace("@" + name + "@", str(value))
    return text


def foreign_fields(attack, bait):
    """Argv and file of an attack that is no Python."""
    return [("argv", "/bin/sh"), ("argv", "-c"),
            ("argv", with_names(attack.header["argv"], bait)),
            ("file:/box/attack" + attack.path.suffix,
             with_names(attack.source, bait))]


def run_naively(attack, words, driver, bait):
    """Against a harness that trusts the candidate; for other languages the
    sandbox around it may be weakened too."""
    if foreign.is_foreign(attack):
        fields = foreign.weak_fields(attack, with_names(attack.source, bait))
        for word in words[2:]:
            fields += weakenings.of(bait)[word]
        limit = foreign.limit_ms(attack) + foreign.allowance_ms(attack, True)
    else:
        fields = [("wall_time", "8000"), ("cpu_time", "8000"),
                  ("argv", "/usr/bin/python3"), ("argv", "-I"), ("argv", "-S"),
                  ("argv", "/box/naive_harness.py"), ("argv", words[1]),
                  ("file:/box/naive_harness.py",
                   (HERE / "naive_harness.py").read_text()),
                  ("file:/box/program.py", attack.source),
                  ("file:/box/tests.py", attack.hidden_tests())]
        limit = 8000
    answer = driver.ask([("order", "weak"), *fields])
    outcome = outcome_of(attack, "weak", driver, bait, answer, limit)
    said = answer.get("stdout", b"").strip(b"\n")
    if is_dirty(said.replace(b"\n", b" ")[:500]):
        outcome.seen.add("dirty")
    if answer.get("stdout", b"").endswith(b"PASSED\n"):
        outcome.seen.add("passed")
    return outcome


@dataclasses.dataclass
class Outcome:
    attack: Attack
    where: str
    seen: set
    detail: str
    wall_ms: float = 0.0
    over_ms: float = 0.0  # Of the wall limit.
    trouble: str = ""


def evidence(attack, where, driver, bait, answer, limit_ms):
    seen = bait.harm()
    texts = b"\n".join(answer.get(name, b"")
                       for name in ("said", "stdout", "stderr", "verdict"))
    if bait.secret.encode() in texts:
        seen.add("leak")
    if b"ESCAPED" in texts:
        seen.add("says")
    wall_ms = int(answer.get("wall_us", b"0")) / 1000
    if max(len(answer.get("stdout", b"")), len(answer.get("stderr", b""))) > (
            1 << 20):
        seen.add("memory")
    # A tier gives back time in which the machine was busy with others, up to
    # four times, and a busy machine takes its time to end many processes.
    if wall_ms > (limit_ms + 1500 if where == "weak" else
                  4 * limit_ms + 10_000):
        seen.add("late")
    looks = 20 if "survivor" in attack.header["sees"] else 2
    if driver.survivors(looks):
        time.sleep(1)
        if driver.survivors(looks):
            seen.add("survivor")
            driver.kill_survivors()
    detail = texts.strip().decode("utf-8", "replace")
    return seen, detail, wall_ms


def missing(attack):
    """Why the attack can't be run on this machine; None: it can."""
    if not foreign.is_foreign(attack):
        return None
    return foreign.missing(attack.path.suffix)


def is_dirty(words):
    """Whether a verdict's words could harm a terminal, a log or a database."""
    return len(words) > 500 or any(not 32 <= byte < 127 for byte in words)


def outcome_of(attack, where, driver, bait, answer, limit_ms):
    seen, detail, wall_ms = evidence(attack, where, driver, bait, answer,
                                     limit_ms)
    trouble = answer.get("trouble", b"").decode()
    return Outcome(attack, where, seen, detail, wall_ms,
                   max(0.0, wall_ms - limit_ms), trouble)


def check_outcome(attack, tier, driver, bait, answer, limit):
    outcome = outcome_of(attack, tier, driver, bait, answer, limit)
    if is_dirty(answer.get("verdict", b"")):
        outcome.seen.add("dirty")
    if answer.get("verdict") == b"passed":
        outcome.seen.add("passed")
    elif answer.get("verdict", b"infra").startswith(b"infra"):
        outcome.trouble = outcome.trouble or outcome.detail
    return outcome


def run_check(attack, tier, driver, bait, tests):
    """The attack as a candidate that is checked by `tests`."""
    limit = int(attack.header.get("limits", "2000").split("=")[-1])
    answer = driver.ask([
        ("order", "check"), ("tier", tier), ("program", attack.source),
        ("tests", tests), ("entry_point", "solve"), ("timeout_ms", limit)])
    return check_outcome(attack, tier, driver, bait, answer, limit)


def run_foreign(attack, tier, driver, bait):
    """An attack of another language, in each form; the worst counts."""
    limit = foreign.limit_ms(attack) + foreign.allowance_ms(attack)
    source = with_names(attack.source, bait)
    outcomes = [check_outcome(attack, tier, driver, bait, driver.ask(order),
                              limit)
                for order in foreign.check_orders(attack, tier, source)]
    return max(outcomes, key=lambda o: (len(o.seen), bool(o.trouble)))


def run(attack, tier, driver, bait):
    """The attack against a tier, by the entry that candidates use."""
    if foreign.is_foreign(attack):
        return run_foreign(attack, tier, driver, bait)
    if attack.is_check:
        outcome = run_check(attack, tier, driver, bait, attack.hidden_tests())
        if outcome.seen or outcome.trouble:
            return outcome
        return run_check(attack, tier, driver, bait,
                         hidden_tests.make("literal"))
    limits = limits_of(attack)
    if "argv" in attack.header:
        fields = [("order", "job"), *foreign_fields(attack, bait)]
    else:
        fields = [("order", "start"),
                  ("source", python_source(attack, bait, True)),
                  ("starts", attack.header.get("starts", "1"))]
    answer = driver.ask([*fields, ("tier", tier), *limits.items()])
    return outcome_of(attack, tier, driver, bait, answer,
                      int(limits["wall_time"]))


def run_weakly(attack, driver, bait):
    """The attack where its protection is missing; None: can't be shown."""
    words = attack.header["weak"].split()
    if words[0] == "none:":
        return None
    if os.getuid() != 0 and {"root", "user"} & set(words):
        return None  # Only root can leave out what takes root away.
    if words[0] == "naive":
        return run_naively(attack, words, driver, bait)
    limits = limits_of(attack)
    limit = int(limits["wall_time"])
    fields = []
    for word in words:
        for name, value in weakenings.of(bait)[word]:
            if name in limits or name.endswith(("_space", "_size", "_files",
                                                "processes")):
                old = int(limits.get(name, "0"))
                limits[name] = (str(old + int(value)) if value[0] == "+"
                                else value)
            else:
                fields.append((name, value))
    if "argv" in attack.header:
        fields += foreign_fields(attack, bait)
    else:
        fields += [("argv", word) for word in PYTHON]
        fields.append(("file:/box/attack.py",
                       python_source(attack, bait, False)))
    for _ in range(int(attack.header.get("starts", "1"))):
        answer = driver.ask([("order", "weak"), *fields, *limits.items()])
    for path in bait.kept.iterdir():
        remove(path)
    return outcome_of(attack, "weak", driver, bait, answer, limit)
