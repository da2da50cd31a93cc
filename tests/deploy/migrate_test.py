"""deploy/migrate.sh brings an empty database to every service's schema, and
has nothing to do the second time."""

import os
import pathlib
import subprocess
import unittest
import uuid

ROOT = pathlib.Path(__file__).resolve().parents[2]
SERVER = os.environ.get("EVALLOOP_DATABASE_URL")


def sql(url, text):
    return subprocess.run(["psql", "-XAtq", url, "-c", text], check=True,
                          capture_output=True, text=True).stdout.split()


class MigrateTest(unittest.TestCase):
    def setUp(self):
        self.assertTrue(SERVER, "EVALLOOP_DATABASE_URL is not set: ./dev test "
                        "integration sets it")
        name = f"migrate_{uuid.uuid4().hex[:12]}"
        sql(SERVER, f"CREATE DATABASE {name}")
        self.addCleanup(sql, SERVER, f"DROP DATABASE {name} WITH (FORCE)")
        self.url = SERVER.rpartition("/")[0] + "/" + name

    def migrate(self, **variables):
        environment = {name: value for name, value in os.environ.items()
                       if not name.startswith("EVALLOOP_DATABASE_URL")}
        done = subprocess.run(
            [ROOT / "deploy/migrate.sh"], env={**environment, **variables},
            capture_output=True, text=True, check=False, timeout=120)
        return done.returncode, done.stderr

    def test_an_empty_database_gets_every_schema_once(self):
        code, said = self.migrate(EVALLOOP_DATABASE_URL=self.url)
        self.assertEqual(code, 0, said)
        projects = [path.parents[2].name
                    for path in ROOT.glob("*/store/migrations/sqitch.plan")]
        schemas = sql(self.url, "SELECT nspname FROM pg_namespace")
        for project in projects:
            self.assertIn(project, schemas)
        changes = sql(self.url, "SELECT count(*) FROM sqitch.changes")

        code, said = self.migrate(EVALLOOP_DATABASE_URL=self.url)
        self.assertEqual((code, said), (0, "Every schema is up to date\n"))
        self.assertEqual(sql(self.url, "SELECT count(*) FROM sqitch.changes"),
                         changes)

    def test_no_database_is_a_mistake_of_usage(self):
        code, said = self.migrate()
        self.assertEqual(code, 2)
        self.assertIn("set EVALLOOP_DATABASE_URL", said)

    def test_a_server_that_is_not_there_is_named(self):
        code, said = self.migrate(
            EVALLOOP_DATABASE_URL="postgresql://app:secret@127.0.0.1:1/none")
        self.assertEqual(code, 3)
        self.assertIn("127.0.0.1:1", said.splitlines()[-1])
        self.assertNotIn("secret", said)


if __name__ == "__main__":
    unittest.main()
