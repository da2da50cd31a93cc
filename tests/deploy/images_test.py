"""deploy/Dockerfile and the chart agree with the tree: no image is built here,
so what can be read is read."""

import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "deploy/Dockerfile").read_text()
HELPERS = (ROOT / "helm/evalloop/templates/_helpers.tpl").read_text()
SERVICES = (ROOT / "deploy/local/services.sh").read_text()


def stages():
    """Target -> its lines."""
    found, name = {}, None
    for line in DOCKERFILE.splitlines():
        match = re.match(r"FROM \S+ AS (\S+)", line)
        name = match[1] if match else name
        found.setdefault(name, []).append(line)
    return found


def chart_images():
    return re.findall(r"image: (\w+),", HELPERS)


class ImagesTest(unittest.TestCase):
    def test_every_image_of_the_chart_has_a_target(self):
        for image in chart_images() + ["migrations"]:
            self.assertIn(image, stages())

    def test_each_target_holds_and_runs_its_own_program(self):
        for image in chart_images():
            text = "\n".join(stages()[image])
            self.assertIn(f"/src/build/release/bin/{image} ", text)
            self.assertIn(f'ENTRYPOINT ["/usr/bin/{image}"]', text)

    def test_what_is_copied_from_the_tree_exists(self):
        for line in DOCKERFILE.splitlines():
            if line.startswith("COPY ") and "--from" not in line:
                for source in line.split()[1:-1]:
                    self.assertTrue((ROOT / source).exists(), line)

    def test_every_migration_is_in_the_migrations_image(self):
        copied = "\n".join(stages()["migrations"])
        for plan in ROOT.glob("*/**/migrations/sqitch.plan"):
            folder = plan.parent.relative_to(ROOT).as_posix()
            if not folder.startswith("build/"):
                self.assertIn(f"COPY {folder} ", copied)

    def test_the_runtime_image_knows_every_linked_package(self):
        """Debian's library packages of the runtime stage are real ones."""
        packages = re.findall(r"lib[a-z0-9.+-]+", "\n".join(stages()["runtime"]))
        known = subprocess.run(
            ["dpkg-query", "-W", "-f=${Package}\\n", *packages],
            capture_output=True, text=True, check=False).stdout.split()
        self.assertEqual(sorted(set(packages) - set(known)), [])

    def test_ports_of_the_chart_are_those_of_the_local_stack(self):
        local = dict(re.findall(r"^    (\w+)\) ports='([^']+)'", SERVICES, re.M))
        for image, ports in re.findall(r"image: (\w+), ports: {([^}]+)}", HELPERS):
            self.assertEqual(
                dict(re.findall(r"(\w+): (\d+)", ports)),
                dict(re.findall(r"(\w+) (\d+)", local[image])), image)


if __name__ == "__main__":
    unittest.main()
