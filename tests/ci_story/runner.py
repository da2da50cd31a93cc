"""Plays the shell steps of deploy/ci as GitHub's and GitLab's runners would:
expressions, conditions, outputs and exit codes of what those files use, and no
more. Steps of other people's actions are left out."""

import os
import pathlib
import re
import subprocess
import tempfile

import yaml

CI = pathlib.Path(__file__).resolve().parents[2] / "deploy/ci"
ACTION = CI / "github/action.yml"
COMPONENT = CI / "gitlab/templates/eval.yml"
EXPRESSION = re.compile(r"\${{\s*(.*?)\s*}}")
NAME = re.compile(r"\b(?:inputs|steps|vars|github)(?:\.[\w-]+)+")


def load(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


class Expressions:
    """What stands in ${{ }}: names, texts, ==, !=, && and ||."""

    def __init__(self, inputs):
        self.inputs = inputs
        self.outputs = {}  # Step -> name -> value.

    def look_up(self, name):
        kind, *path = name.split(".")
        if kind == "inputs":
            return self.inputs[path[0]]
        step, _, output = path
        return self.outputs.get(step, {}).get(output, "")

    def value(self, expression):
        python = NAME.sub(lambda m: repr(self.look_up(m[0])), expression)
        python = python.replace("&&", " and ").replace("||", " or ")
        python = python.replace("always()", "True")
        return eval(python, {"__builtins__": {}})  # Of this repository's files.

    def text(self, template):
        return EXPRESSION.sub(lambda m: str(self.value(m[1])), str(template))


class ActionRun:
    """One attempt of a job with action.yml as its only step.

    inputs: as the workflow's `with`. environment: of the job. Afterwards:
    code (of the first step that failed, else 0), outputs (of the action), said
    (stdout and stderr of all steps), summary (the step summary's Markdown)."""

    def __init__(self, inputs, environment, folder, run_id="1", attempt="1"):
        action = load(ACTION)
        given = {name: str(one.get("default", ""))
                 for name, one in action["inputs"].items()}
        given.update(inputs)
        self.expressions = Expressions(given)
        self.folder = folder
        self.code = 0
        self.said = ""
        self.summary = ""
        self.environment = {
            **environment, "GITHUB_ACTIONS": "true", "GITHUB_RUN_ID": run_id,
            "GITHUB_RUN_ATTEMPT": attempt, "GITHUB_REPOSITORY": "shop/prompts",
            "GITHUB_JOB": "gate", "GITHUB_SHA": "0" * 40}
        for step in action["runs"]["steps"]:
            if "run" in step and self._is_due(step):
                self._play(step)
        self.outputs = {
            name: self.expressions.text(one["value"])
            for name, one in action["outputs"].items()}

    def _is_due(self, step):
        condition = step.get("if", "true == true")
        condition = condition.replace("true == true", "always()")
        if self.code != 0 and "always()" not in step.get("if", ""):
            return False
        return bool(self.expressions.value(condition))

    def _play(self, step):
        with tempfile.TemporaryDirectory(prefix="evalloop-step.") as files:
            output = pathlib.Path(files) / "output"
            summary = pathlib.Path(files) / "summary"
            environment = {
                **self.environment, "GITHUB_OUTPUT": str(output),
                "GITHUB_STEP_SUMMARY": str(summary),
                **{name: self.expressions.text(value)
                   for name, value in step.get("env", {}).items()}}
            done = subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c",
                 step["run"]], cwd=self.folder, env=environment,
                capture_output=True, text=True, check=False, timeout=600)
            self.said += done.stdout + done.stderr
            if done.returncode != 0 and self.code == 0:
                self.code = done.returncode
            if summary.exists():
                self.summary += summary.read_text(encoding="utf-8")
            if output.exists() and "id" in step:
                self.expressions.outputs[step["id"]] = dict(
                    line.split("=", 1) for line in
                    output.read_text(encoding="utf-8").splitlines())


def component(inputs):
    """The component's jobs with its inputs filled in."""
    head, body = COMPONENT.read_text(encoding="utf-8").split("\n---\n")
    given = {name: (one or {}).get("default", "") for name, one in
             yaml.safe_load(head)["spec"]["inputs"].items()}
    given.update(inputs)
    filled = re.sub(r"\$\[\[ inputs\.([\w-]+) \]\]",
                    lambda m: str(given[m[1]]), body)
    return yaml.safe_load(filled)


class JobRun:
    """One attempt of a job of the component: code, said, and variables (what
    its dotenv report hands on)."""

    def __init__(self, jobs, name, environment, folder, pipeline="1",
                 job_id="1"):
        job = jobs[name]
        variables = {}
        chain = [job]
        while "extends" in chain[-1]:
            chain.append(jobs[chain[-1]["extends"]])
        for one in reversed(chain):
            variables.update(one.get("variables", {}))
        script = next(one["script"] for one in chain if "script" in one)
        done = subprocess.run(
            ["bash", "-eo", "pipefail", "-c", "\n".join(script)], cwd=folder,
            env={**environment, **variables, "GITLAB_CI": "true",
                 "CI_PIPELINE_ID": pipeline, "CI_JOB_ID": job_id,
                 "CI_PROJECT_ID": "3", "CI_JOB_NAME": name,
                 "CI_COMMIT_SHA": "0" * 40, "GITLAB_USER_LOGIN": "ada"},
            capture_output=True, text=True, check=False, timeout=600)
        self.code = done.returncode
        self.said = done.stdout + done.stderr
        dotenv = pathlib.Path(folder) / "gate.env"
        self.variables = {}
        if dotenv.exists():
            self.variables = dict(
                line.split("=", 1) for line in
                dotenv.read_text(encoding="utf-8").splitlines())


def job_environment(environment, bin_folder):
    """A job's: `evalloop` is in PATH."""
    return {**environment,
            "PATH": f"{bin_folder}{os.pathsep}{environment['PATH']}"}
