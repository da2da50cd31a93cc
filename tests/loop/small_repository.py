"""A small git repository, the same byte for byte each time it is made.

Several authors write the handlers of a warehouse in Python and JavaScript: each
kind of record gets the same functions, so that a model can learn how they go
on; lines are written again by another author in the same place, so that
variants exist. One file is renamed, one branch merged; a binary file, a file
that is not UTF-8, a generated one and a huge one stand among the others.
"""

import pathlib
import random
import subprocess
import sys

SEED = 20240102
START = 1704186000  # 2024-01-02 09:00 UTC; one commit every three hours.
AUTHORS = ("Ada", "Grace", "Linus", "Barbara")
KINDS = ("order", "parcel", "invoice", "customer", "supplier", "shelf",
         "pallet", "receipt", "refund", "carrier", "route", "driver", "depot")
# Among the lines that a turn of the loop types; drivers are half written then.
MERGE_AT = 112
RENAME_AT = 124

PYTHON_FUNCTIONS = {
    "load": '''
def load_{kind}(connection, {kind}_id):
    """Reads one {kind} from the database."""
    cursor = connection.cursor()
    query = "SELECT * FROM {kind} WHERE id = %s"
    cursor.execute(query, ({kind}_id,))
    row = cursor.fetchone()
    if row is None:
        raise NotFoundError("{kind}", {kind}_id)
    logger.info("loaded %s", {kind}_id)
    return {Kind}.from_row(row)
''',
    "save": '''
def save_{kind}(connection, {kind}):
    """Writes one {kind} to the database."""
    cursor = connection.cursor()
    values = {kind}.to_row()
    columns = ", ".join(values.keys())
    marks = ", ".join(["%s"] * len(values))
    query = f"INSERT INTO {kind} ({{columns}}) VALUES ({{marks}})"
    cursor.execute(query, tuple(values.values()))
    connection.commit()
    logger.info("saved %s", {kind}.id)
    return {kind}
''',
    "list": '''
def list_{kind}(connection, limit=100, offset=0):
    """Reads a page, newest first."""
    cursor = connection.cursor()
    query = "SELECT * FROM {kind} ORDER BY created DESC LIMIT %s OFFSET %s"
    cursor.execute(query, (limit, offset))
    rows = cursor.fetchall()
    result = []
    for row in rows:
        result.append({Kind}.from_row(row))
    logger.info("listed %d of {kind}", len(result))
    return result
''',
    "check": '''
def check_{kind}({kind}):
    """Collects what is wrong with it."""
    problems = []
    if {kind}.id is None:
        problems.append("the {kind} has no id")
    if {kind}.name is None or len({kind}.name) == 0:
        problems.append("the {kind} has no name")
    if {kind}.weight < {weight}:
        problems.append("the {kind} weighs too little")
    if len(problems) > 0:
        logger.warning("%s: %d problems", {kind}.id, len(problems))
    return problems
''',
    "delete": '''
def delete_{kind}(connection, {kind}_id):
    """Removes one {kind}."""
    cursor = connection.cursor()
    query = "DELETE FROM {kind} WHERE id = %s"
    cursor.execute(query, ({kind}_id,))
    deleted = cursor.rowcount
    connection.commit()
    logger.info("deleted %s", {kind}_id)
    return deleted > 0
''',
    "update": '''
def update_{kind}(connection, {kind}_id, changes):
    """Changes some columns of one {kind}."""
    cursor = connection.cursor()
    names = ", ".join(f"{{name}} = %s" for name in changes)
    query = f"UPDATE {kind} SET {{names}} WHERE id = %s"
    cursor.execute(query, (*changes.values(), {kind}_id))
    if cursor.rowcount == 0:
        raise NotFoundError("{kind}", {kind}_id)
    connection.commit()
    logger.info("updated %s", {kind}_id)
    return load_{kind}(connection, {kind}_id)
''',
    "export": '''
def export_{kind}(connection, path):
    """Writes every {kind} into a file."""
    rows = list_{kind}(connection, limit={weight})
    with open(path, "w", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow({Kind}.columns())
        for row in rows:
            writer.writerow(row.to_row().values())
    logger.info("exported %d of {kind}", len(rows))
    return len(rows)
''',
}

PYTHON_HEAD = '''import csv
import logging

from warehouse.errors import NotFoundError
from warehouse.records import {Kind}

logger = logging.getLogger("warehouse.{kind}")

'''

JAVASCRIPT_FUNCTIONS = {
    "fetch": '''
export async function fetch{Kind}(client, {kind}Id) {{
  const response = await client.get(`/api/{kind}/${{{kind}Id}}`);
  if (response.status === 404) {{
    throw new NotFoundError('{kind}', {kind}Id);
  }}
  const body = await response.json();
  logger.info('fetched', {kind}Id);
  return new {Kind}(body);
}}
''',
    "render": '''
export function render{Kind}(element, {kind}) {{
  const title = document.createElement('h2');
  title.textContent = {kind}.name;
  const detail = document.createElement('p');
  detail.textContent = `weighs ${{{kind}.weight}} of {weight}`;
  element.replaceChildren(title, detail);
  element.dataset.id = {kind}.id;
  logger.info('rendered', {kind}.id);
  return element;
}}
''',
    "submit": '''
export async function submit{Kind}(client, {kind}) {{
  const problems = check{Kind}({kind});
  if (problems.length > 0) {{
    throw new InvalidError('{kind}', problems);
  }}
  const response = await client.post('/api/{kind}', {kind}.toJson());
  const body = await response.json();
  logger.info('submitted', body.id);
  return new {Kind}(body);
}}
''',
    "check": '''
export function check{Kind}({kind}) {{
  const problems = [];
  if ({kind}.name.length === 0) {{
    problems.push('the {kind} has no name');
  }}
  if ({kind}.weight < {weight}) {{
    problems.push('the {kind} weighs too little');
  }}
  return problems;
}}
''',
}

JAVASCRIPT_HEAD = '''import {{InvalidError, NotFoundError}} from './errors.js';
import {{logger}} from './logger.js';
import {{{Kind}}} from './records.js';

'''

# What one author wrote, and how others would have: the first four are near
# enough to be variants of one another.
REWRITES = (
    ('    marks = ", ".join(["%s"] * len(values))', (
        '    marks = ", ".join(["?"] * len(values))',
        '    marks = ", ".join(["%s"] * len(columns))')),
    ('    columns = ", ".join(values.keys())', (
        '    columns = ", ".join(sorted(values.keys()))',)),
    ('    logger.info("exported %d of {kind}", len(rows))', (
        '    logger.info("exported %d of {kind}", len(rows) - 1)',)),
    ("  const response = await client.post('/api/{kind}', {kind}.toJson());", (
        "  const response = await client.post('/api/{kind}', {kind}.toText());",
        "  const response = await client.put('/api/{kind}', {kind}.toJson());")),
    ('    cursor = connection.cursor()', (
        '    cursor = connection.cursor(name="{kind}")',
        '    cursor = connection.cursor(buffered=True)')),
    ('    logger.info("loaded %s", {kind}_id)', (
        '    logger.debug("loaded %s", {kind}_id)',
        '    logger.info("loaded {kind} %s", {kind}_id)')),
    ('    if row is None:', ('    if not row:', '    if row is None or not row:')),
    ('        problems.append("the {kind} has no id")', (
        '        problems.append("{kind}: no id")',
        '        problems.append(Problem("the {kind} has no id"))')),
    ('    logger.info("saved %s", {kind}.id)', (
        '    logger.debug("saved %s", {kind}.id)',
        '    metrics.count("saved", kind="{kind}")')),
    ("  const body = await response.json();", (
        "  const body = await response.json({{strict: true}});",
        "  const body = parse(await response.text());")),
    ("  const problems = [];", ("  const problems = new Problems();",
                                "  const problems = Array.of();")),
)


class Importer:
    """Writes a stream for git fast-import."""

    def __init__(self, repository):
        self._git = subprocess.Popen(
            ["git", "-C", str(repository), "fast-import", "--quiet"],
            stdin=subprocess.PIPE)
        self._marks = 0
        self._at = START

    def commit(self, message, author, files, branch="main", start=None,
               merge=None, rename=None):
        """Adds a commit; returns its mark. files: path -> bytes."""
        self._marks += 1
        self._at += 3 * 3600
        who = f"{author} <{author.lower()}@example.com> {self._at} +0000"
        lines = [f"commit refs/heads/{branch}", f"mark :{self._marks}",
                 f"author {who}", f"committer {who}",
                 f"data {len(message.encode())}", message]
        if start:
            lines.append(f"from :{start}")
        if merge:
            lines.append(f"merge :{merge}")
        if rename:
            lines.append(f"R {rename[0]} {rename[1]}")
        self._write("\n".join(lines) + "\n")
        for path, data in files.items():
            self._write(f"M 100644 inline {path}\ndata {len(data)}\n")
            self._git.stdin.write(data)
            self._write("\n")
        return self._marks

    def _write(self, text):
        self._git.stdin.write(text.encode())

    def close(self):
        self._git.stdin.close()
        if self._git.wait() != 0:
            raise RuntimeError("git fast-import refused the stream")


class SmallRepository:
    """Makes the history, one commit after the other."""

    def __init__(self, path):
        self._random = random.Random(SEED)
        self._texts = {}  # Path -> text.
        self._moved = {}  # Path -> its name now.
        subprocess.run(["git", "init", "-q", "-b", "main", str(path)],
                       check=True)
        self._importer = Importer(path)

    def make(self):
        self._first()
        functions = self._functions()
        for number, (path, head, text, kind) in enumerate(functions):
            if number == RENAME_AT:
                self._rename()
            if number == MERGE_AT:
                self._merge()
            path = self._moved.get(path, path)
            self._texts[path] = self._texts.get(path, head) + text
            self._commit(f"Add {path}, part {number}", path)
            if number % 2 == 1:
                self._rewrite(kind, number)
        self._importer.close()

    def _first(self):
        generated = "\n".join(
            ["# Code generated by a tool. DO NOT EDIT."] +
            [f"TABLE_{i} = ({i}, {i * i})" for i in range(200)])
        huge = "".join(f"value_{i} = compute({i}, {i * 7})\n"
                       for i in range(60000))
        self._importer.commit("Start", AUTHORS[0], {
            "README.md": b"# Warehouse\n\nA small example.\n",
            "warehouse/errors.py":
                b"class NotFoundError(Exception):\n"
                b"    def __init__(self, kind, record_id):\n"
                b"        super().__init__(kind, record_id)\n",
            "assets/logo.png": bytes(range(256)) * 8,
            "warehouse/latin1.py":
                'TITLE = "Lagerhaus f\u00fcr K\u00f6ln"\n'.encode("latin-1"),
            "warehouse/tables_pb2.py": generated.encode() + b"\n",
            "warehouse/huge.py": huge.encode(),
        })

    def _functions(self):
        """Every function of every kind, in the order they are written."""
        found = []
        for place, kind in enumerate(KINDS):
            words = {"kind": kind, "Kind": kind.capitalize(),
                     "weight": 5 * place + 10}
            for head, bodies, path in (
                    (PYTHON_HEAD, PYTHON_FUNCTIONS, f"warehouse/{kind}.py"),
                    (JAVASCRIPT_HEAD, JAVASCRIPT_FUNCTIONS, f"web/{kind}.js")):
                for text in bodies.values():
                    found.append((path, head.format(**words),
                                  text.format(**words), kind))
        return found

    def _author(self):
        return self._random.choice(AUTHORS)

    def _commit(self, message, path, **options):
        return self._importer.commit(
            message, self._author(), {path: self._texts[path].encode()},
            **options)

    def _rename(self):
        old, new = "warehouse/driver.py", "warehouse/lorry_driver.py"
        self._texts[new] = self._texts.pop(old)
        self._moved[old] = new
        self._importer.commit("Drivers of lorries, not of parcels", self._author(), {},
                              rename=(old, new))

    def _merge(self):
        """A branch with two commits comes home; the merge adds nothing."""
        path = "warehouse/stock.py"
        base = self._commit("Before the branch", self._touch("web/order.js"))
        self._texts[path] = "def stock_of(shelf):\n    return shelf.stock\n"
        self._commit("Count the stock", path, branch="stock", start=base)
        self._texts[path] += "\n\ndef stock_low(shelf):\n" \
                             "    return stock_of(shelf) < shelf.least\n"
        tip = self._commit("Tell of low stock", path, branch="stock")
        self._importer.commit(
            "Merge branch stock", self._author(),
            {path: self._texts[path].encode()}, merge=tip)

    def _touch(self, path):
        self._texts[path] += "\nexport const pageSize = 100;\n"
        return path

    def _rewrite(self, kind, number):
        """Another author's way to say one line, in the same place."""
        names = {"kind": kind, "Kind": kind.capitalize()}
        paths = [path for path in sorted(self._texts)
                 if path.split("/")[-1].split(".")[0].endswith(kind)]
        choices = []
        for path in paths:
            for old, others in REWRITES:
                old = old.format(**names)
                if old + "\n" in self._texts[path]:
                    choices.append((path, old, others))
        if not choices:
            return
        path, old, others = choices[0] if number % 4 == 1 else \
            self._random.choice(choices)
        new = self._random.choice(others).format(**names)
        self._texts[path] = self._texts[path].replace(old + "\n", new + "\n", 2)
        self._commit(f"Say it otherwise in {path}", path)


def make_small_repository(path):
    """Makes it in the folder `path`, which must not exist."""
    SmallRepository(pathlib.Path(path)).make()


if __name__ == "__main__":
    make_small_repository(sys.argv[1])
