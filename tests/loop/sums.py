"""Tasks with hidden tests in HumanEval's form: functions that add a number."""


def task(number):
    """A task whose solution adds a number; its tests look at two sums."""
    return {
        "task_id": f"Sum/{number}",
        "prompt": f'def add_{number}(x):\n    """Return x plus {number}."""\n',
        "canonical_solution": solution(number),
        "entry_point": f"add_{number}",
        "test": f"def check(candidate):\n"
                f"    assert candidate(1) == {1 + number}\n"
                f"    assert candidate(-5) == {number - 5}\n"}


def solution(number):
    return f"    return x + {number}\n"


def number_of(prompt):
    """Which task a prompt ends with."""
    return int(prompt.rpartition("def add_")[2].partition("(")[0])
