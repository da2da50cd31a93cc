"""deploy/Dockerfile and the chart agree with the tree: no image is built here,
so what can be read is read."""

import functools
import os
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


def lineage(name):
    """The lines of a target and of all that it is made from."""
    lines = stages().get(name, [])
    base = lines[0].split()[1] if lines else None
    return lineage(base) + lines if base else []


def programs(image):
    """The programs that a target copies from the build."""
    return re.findall(r"/src/build/release/bin/(\w+)", "\n".join(lineage(image)))


def chart_images():
    return re.findall(r"image: (\w+),", HELPERS)


def libraries(program):
    """The shared libraries that the loader takes for a program."""
    listed = subprocess.run(["ldd", program], capture_output=True, text=True,
                            check=True).stdout
    return [pathlib.Path(found).resolve()
            for found in re.findall(r"=> (/\S+)", listed)]


@functools.cache
def package_of(library):
    owner = subprocess.run(["dpkg", "-S", library], capture_output=True,
                           text=True, check=False).stdout
    if not owner and str(library).startswith("/usr/"):  # Merged /usr.
        owner = subprocess.run(["dpkg", "-S", str(library)[4:]], check=True,
                               capture_output=True, text=True).stdout
    return owner.split(":")[0]


@functools.cache
def package_closure(*names):
    """The packages and all that Debian installs for them."""
    listed = subprocess.run(
        ["apt-cache", "depends", "--recurse", "--no-recommends",
         "--no-suggests", "--no-conflicts", "--no-breaks", "--no-replaces",
         "--no-enhances", "--installed", *names],
        capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"^([a-z0-9][a-z0-9.+-]+)", listed, re.M))


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

    def test_each_image_has_every_library_that_its_programs_need(self):
        build = os.environ.get("EVALLOOP_BUILD_DIR")
        self.assertTrue(build, "EVALLOOP_BUILD_DIR is not set: ./dev test sets it")
        if pathlib.Path(build).name in ("asan", "tsan"):
            self.skipTest("no image holds a sanitized program")
        for image in chart_images() + ["cli"]:
            installed = package_closure(
                *re.findall(r"lib[a-z0-9.+-]+", "\n".join(lineage(image))))
            for program in programs(image):
                for library in libraries(pathlib.Path(build) / "bin" / program):
                    self.assertIn(package_of(library), installed,
                                  f"{program} in {image} needs {library}")

    def test_ports_of_the_chart_are_those_of_the_local_stack(self):
        local = dict(re.findall(r"^    (\w+)\) ports='([^']+)'", SERVICES, re.M))
        for image, ports in re.findall(r"image: (\w+), ports: {([^}]+)}", HELPERS):
            self.assertEqual(
                dict(re.findall(r"(\w+): (\d+)", ports)),
                dict(re.findall(r"(\w+) (\d+)", local[image])), image)


if __name__ == "__main__":
    unittest.main()
