"""Every process is killed without warning once during a turn of the loop, and
started again: the turn passes, and each effect is there exactly once."""

import json
import os
import pathlib
import random
import shutil
import tempfile
import unittest

import small_repository
import stack as stacks
import turn

LINES = 300
SEED = int(os.environ.get("EVALLOOP_KILL_SEED", "7"))
# Step of the turn -> who works then: 2 trains, 3 types, 4 tunes and gates.
VICTIMS = {
    2: ["trainer_bridge"],
    3: ["serving", "model_server", "kafka", "prompt_engine"],
    4: ["evaluator", "scorer", "postgres"],
}


def plan(seed):
    """[(step, seconds, victim)]: the order within a step and the pauses are
    drawn."""
    draw = random.Random(seed)
    return [(step, round(draw.uniform(0.3, 2.5), 2), victim)
            for step, victims in VICTIMS.items()
            for victim in draw.sample(victims, len(victims))]


class KillTest(turn.TurnChecks, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="evalloop-small."))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        small_repository.make_small_repository(cls.folder / "small")
        cls.stack = stacks.Stack(own_engines=True)
        cls.addClassCleanup(cls.stack.close)
        cls.stack.up()
        cls.turn = turn.Turn(cls.stack, cls.folder / "small", LINES,
                             cls.folder / "report.json")
        cls.missed = []
        for step, seconds, victim in plan(SEED):
            if not cls.turn.reaches(step, seconds):
                cls.missed.append(victim)
                continue
            cls.turn.note(f"*** kill -9 {victim}")
            cls.stack.kill(victim)
            cls.stack.up()
            cls.turn.note(f"*** {victim} is back")
        cls.code, cls.out = cls.turn.wait()
        print("\n".join(cls.turn.said), cls.out, sep="\n", flush=True)
        if cls.code != 0:
            raise AssertionError(
                f"exit code {cls.code}" + cls.stack.complaints())
        cls.report = json.loads((cls.folder / "report.json").read_text())

    def test_everybody_was_killed_while_the_turn_ran(self):
        self.assertEqual(self.missed, [])

    def test_only_what_a_kill_cut_off_has_no_outcome(self):
        """A request that died with the gateway leaves an intent without a
        result, or an answer that nobody heard; each is asked again."""
        self.assertEqual(self.await_rest(), [])
        lost = self.stack.number("""
            SELECT count(*) FROM (
              SELECT completion_id FROM serving.completions
              WHERE session NOT IN ('probe', '') AND error = '' EXCEPT
              SELECT completion_id FROM prompt_engine.outcome) s""")
        self.assertLess(lost, 10)


if __name__ == "__main__":
    os.umask(0o022)
    unittest.main(verbosity=2)
