"""The chart through the real helm: strict lint, every ci/*-values.yaml, values
that must be refused, and the same variables as deploy/config.schema.json."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

import outside_tools

CHART = ROOT / "helm/evalloop"
PROPERTIES = json.loads(
    (ROOT / "deploy/config.schema.json").read_text())["properties"]
# A helm that go install built knows no cluster version of its own.
CLUSTER = "--kube-version=1.29.0"
HELM = None


def find_helm():
    """helm on PATH, else the one that ./dev test has built with Go."""
    built = subprocess.run(
        ["bash", "-c", f"source {ROOT}/deploy/local/common.sh; "
         f"source {ROOT}/deploy/local/go_tools.sh; go_tool helm"],
        capture_output=True, text=True, check=False)
    if built.returncode == 0:
        return built.stdout.strip()
    return outside_tools.skip(
        "helm-no-go" if built.returncode == 4 else "helm-unreachable")


def helm(*arguments):
    done = subprocess.run([HELM, *arguments], capture_output=True, text=True,
                          check=False, timeout=60)
    return done.returncode, done.stdout, done.stderr


def render(*values):
    code, output, said = helm("template", "loop", str(CHART), CLUSTER,
                              *(f"--values={path}" for path in values))
    if code != 0:
        raise AssertionError(said)
    return [item for item in yaml.safe_load_all(output) if item]


def ci_values():
    return sorted((CHART / "ci").glob("*-values.yaml"))


def pods(objects):
    """component -> (pod spec, names of its environment)."""
    maps = {item["metadata"]["name"]: item["data"] for item in objects
            if item["kind"] == "ConfigMap"}
    found = {}
    for item in objects:
        if item["kind"] not in ("Deployment", "StatefulSet", "Job"):
            continue
        pod = item["spec"]["template"]
        component = pod["metadata"]["labels"]["app.kubernetes.io/component"]
        container = pod["spec"]["containers"][0]
        names = {entry["name"] for entry in container.get("env", [])}
        for source in container.get("envFrom", []):
            names |= set(maps[source["configMapRef"]["name"]])
        found[component.replace("-", "_")] = (pod["spec"], names)
    return found


def variable(name):
    """The schema's name of a rendered variable: NAME_FILE stands for NAME."""
    base = name.removesuffix("_FILE")
    return base if PROPERTIES.get(base, {}).get("x-secret") else name


class ChartTest(unittest.TestCase):
    def test_strict_lint_passes_on_every_ci_value_file(self):
        for values in ci_values():
            code, output, said = helm("lint", "--strict", str(CHART), CLUSTER,
                                      f"--values={values}")
            self.assertEqual(code, 0, output + said)

    def test_every_service_is_rendered(self):
        for values in ci_values():
            found = pods(render(values))
            self.assertEqual(sorted(found), [
                "evaluator", "migrations", "model_server", "prompt_engine",
                "scorer", "serving", "trainer_bridge"])

    def test_the_chart_sets_what_the_schema_names_and_nothing_else(self):
        for values in ci_values():
            for process, (_, names) in pods(render(values)).items():
                own = {variable(name) for name in names
                       if name.startswith("EVALLOOP_")}
                self.assertEqual(own - set(PROPERTIES), set(), process)
                wanted = {name for name, entry in PROPERTIES.items()
                          if process in entry["x-services"]}
                self.assertEqual(wanted - own, set(), process)

    def test_a_secret_is_never_a_plain_value(self):
        secrets = {name for name, entry in PROPERTIES.items()
                   if entry.get("x-secret")}
        for values in ci_values():
            for process, (_, names) in pods(render(values)).items():
                self.assertEqual(names & secrets, set(), process)

    def test_pods_keep_the_restricted_standard(self):
        for values in ci_values():
            for process, (pod, _) in pods(render(values)).items():
                self.assertTrue(pod["securityContext"]["runAsNonRoot"], process)
                self.assertEqual(
                    pod["securityContext"]["seccompProfile"]["type"],
                    "RuntimeDefault")
                for container in pod["containers"]:
                    context = container["securityContext"]
                    self.assertFalse(context["allowPrivilegeEscalation"])
                    self.assertTrue(context["readOnlyRootFilesystem"])
                    self.assertEqual(context["capabilities"]["drop"], ["ALL"])
                self.assertFalse(pod["automountServiceAccountToken"])

    def test_every_mount_has_its_volume(self):
        for values in ci_values():
            objects = render(values)
            claims = {
                item["spec"]["template"]["metadata"]["labels"]
                ["app.kubernetes.io/component"].replace("-", "_"):
                {claim["metadata"]["name"]
                 for claim in item["spec"].get("volumeClaimTemplates", [])}
                for item in objects if item["kind"] == "StatefulSet"}
            for process, (pod, _) in pods(objects).items():
                volumes = {entry["name"] for entry in pod["volumes"]}
                volumes |= claims.get(process, set())
                for mount in pod["containers"][0]["volumeMounts"]:
                    self.assertIn(mount["name"], volumes, process)

    def test_services_reach_the_pods_and_the_addresses_reach_the_services(self):
        for values in ci_values():
            objects = render(values)
            services = {item["metadata"]["name"]: item["spec"]
                        for item in objects if item["kind"] == "Service"}
            config = next(item["data"] for item in objects
                          if item["kind"] == "ConfigMap")
            for name, address in config.items():
                if name.endswith("_ADDRESS") and name != "EVALLOOP_LISTEN_ADDRESS":
                    host, port = address.split(":")
                    self.assertIn(int(port), [
                        entry["port"] for entry in services[host]["ports"]])
            templates = [item["spec"]["template"] for item in objects
                         if item["kind"] in ("Deployment", "StatefulSet")]
            for name, service in services.items():
                matching = [
                    template for template in templates
                    if service["selector"].items()
                    <= template["metadata"]["labels"].items()]
                self.assertEqual(len(matching), 1, name)
                ports = {entry["name"] for entry in
                         matching[0]["spec"]["containers"][0]["ports"]}
                for entry in service["ports"]:
                    self.assertIn(entry["targetPort"], ports)

    def test_probes_and_urls_speak_tls_where_the_ports_do(self):
        for more, scheme, probe in (
                ({}, "http", "HTTP"),
                ({"httpTls": {"existingSecret": "x"}}, "https", "HTTPS"),
                ({"httpTls": {"existingSecret": "x", "admin": False}}, "https",
                 "HTTP")):
            with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
                yaml.safe_dump(more, file)
                file.flush()
                objects = render(CHART / "ci/minimal-values.yaml", file.name)
            for process, (pod, _) in pods(objects).items():
                if process == "migrations":
                    continue
                container = pod["containers"][0]
                self.assertEqual(
                    container["readinessProbe"]["httpGet"]["scheme"], probe)
                mounts = {mount["mountPath"]
                          for mount in container["volumeMounts"]}
                self.assertEqual("/etc/evalloop/http-tls" in mounts,
                                 scheme == "https", process)
            config = next(item["data"] for item in objects
                          if item["kind"] == "ConfigMap")
            for name in ("EVALLOOP_GATEWAY_URL", "EVALLOOP_MODEL_SERVER_URL"):
                self.assertTrue(config[name].startswith(f"{scheme}://"), name)

    def refused(self, change, words):
        values = yaml.safe_load((CHART / "ci/minimal-values.yaml").read_text())
        change(values)
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            yaml.safe_dump(values, file)
            file.flush()
            code, _, said = helm("template", "loop", str(CHART), CLUSTER,
                                 f"--values={file.name}")
        self.assertNotEqual(code, 0)
        self.assertIn(words, said)

    def test_an_unknown_value_is_refused(self):
        self.refused(lambda values: values.update(postgres={}), "postgres")
        self.refused(
            lambda values: values.update(services={"scorer": {"replica": 1}}),
            "replica")

    def test_what_is_required_is_named(self):
        for key, field in (("kafka", "brokers"), ("auth", "existingSecret"),
                           ("postgresql", "existingSecret"),
                           ("completionKey", "existingSecret")):
            self.refused(lambda values, key=key: values.pop(key),
                         f"{key}.{field} is required")

    def test_migrations_run_before_a_release(self):
        job = next(item for item in render(CHART / "ci/minimal-values.yaml")
                   if item["kind"] == "Job")
        self.assertEqual(job["metadata"]["annotations"]["helm.sh/hook"],
                         "pre-install,pre-upgrade")


if __name__ == "__main__":
    HELM = find_helm()
    unittest.main()
