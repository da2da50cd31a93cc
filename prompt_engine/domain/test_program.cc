#include "prompt_engine/domain/test_program.h"

#include <fmt/format.h>

namespace evalloop::prompt_engine {
namespace {

constexpr std::string_view kShared = R"py(# evalloop: shared
def _install(module, package, texts):
    """Lets the repository's files that are needed be imported by their names."""
    import importlib.abc
    import importlib.util
    import sys
    import types

    class Files(importlib.abc.MetaPathFinder, importlib.abc.Loader):
        def find_spec(self, name, path=None, target=None):
            inside = any(text.startswith(name + ".") for text in texts)
            if name not in texts and not inside:
                return None
            return importlib.util.spec_from_loader(
                name, self, is_package=inside or texts[name][0])

        def exec_module(self, loaded):
            # A package above what is needed is empty.
            where, text = texts.get(loaded.__name__, (False, "", ""))[1:]
            exec(compile(text, where, "exec", dont_inherit=True),
                 loaded.__dict__)

    sys.meta_path.insert(0, Files())
    sys.modules[module] = types.ModuleType(module)
    globals().update(__name__=module, __package__=package)
    return texts
)py";

constexpr std::string_view kTests = R"py(# evalloop: tests
def check(candidate):
    import importlib
    import inspect
    import sys
    import types

    def names_in(code):
        names = set(code.co_names) | set(code.co_freevars)
        for constant in code.co_consts:
            if isinstance(constant, types.CodeType):
                names |= names_in(constant)
        return names

    def asks(test):
        code = getattr(inspect.unwrap(test), "__code__", None)
        return code is not None and _FUNCTION in names_in(code)

    def run(test, first=()):
        """Whether it could be run: fixtures are nothing that is here."""
        cases = [{}]
        for names, rows in getattr(test, "evalloop_cases", ()):
            cases = [{**case, **dict(zip(names, row))}
                     for case in cases for row in rows]
        try:
            for case in cases:
                inspect.signature(test).bind(*first, **case)
        except TypeError:
            return False
        for case in cases:
            test(*first, **case)
        return bool(cases)

    def run_unittest(case):
        import unittest
        names = [name for name in unittest.TestLoader().getTestCaseNames(case)
                 if asks(getattr(case, name))]
        result = unittest.TestResult()
        unittest.TestSuite(map(case, names)).run(result)
        if not result.wasSuccessful():
            said = (result.failures + result.errors + [("", "passed")])[0][1]
            raise AssertionError(said.strip().splitlines()[-1])
        return result.testsRun > len(result.skipped)

    del sys.modules[_MODULE]
    setattr(importlib.import_module(_MODULE), _FUNCTION, candidate)
    tests = vars(importlib.import_module(_TESTS))
    ran = False
    for name, value in list(tests.items()):
        if not isinstance(value, type):
            if name.startswith("test") and callable(value) and asks(value):
                ran |= run(value)
        elif "unittest" in sys.modules and issubclass(
                value, sys.modules["unittest"].TestCase):
            ran |= run_unittest(value)
        elif name.startswith("Test") and not hasattr(value, "setup_method"):
            for method in inspect.getmembers(value, inspect.isfunction):
                if method[0].startswith("test") and asks(method[1]):
                    ran |= run(method[1], (value(),))
    assert ran, "no test of " + _FUNCTION + " can be run here"
)py";

// In the place of pytest, which no sandbox has.
constexpr std::string_view kPytest =
    R"py("""Of pytest only what is here: raises and mark.parametrize."""
import re


class raises:
    def __init__(self, expected, match=None):
        self.type, self._match, self.value = expected, match, None

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        assert kind is not None, "did not raise " + repr(self.type)
        if not issubclass(kind, self.type):
            return False
        self.type, self.value = kind, error
        assert self._match is None or re.search(self._match, str(error))
        return True


class mark:
    @staticmethod
    def parametrize(names, rows):
        if isinstance(names, str):
            names = [name.strip() for name in names.split(",") if name.strip()]
        rows = [row if len(names) > 1 else (row,) for row in rows]

        def marked(test):
            before = getattr(test, "evalloop_cases", [])
            test.evalloop_cases = [(names, rows), *before]
            return test

        return marked
)py";

// `text` as Python writes a text.
void AppendLiteral(std::string_view text, std::string& out) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '\n':
        out += "\\n";
        break;
      case '"':
      case '\\':
        out += '\\';
        out += c;
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

void AppendFile(std::string_view module, const PythonFile& file,
                std::string& out) {
  out += "    ";
  AppendLiteral(module, out);
  out += file.package ? ": (True, " : ": (False, ";
  AppendLiteral(file.path, out);
  out += ",";
  // A literal a line, so that people can read it.
  std::string_view rest = file.text;
  do {
    const std::size_t end = rest.find('\n');
    const std::string_view line =
        rest.substr(0, end == std::string_view::npos ? end : end + 1);
    out += "\n        ";
    AppendLiteral(line, out);
    rest.remove_prefix(line.size());
  } while (!rest.empty());
  out += "),\n";
}

void AppendValue(std::string_view name, std::string_view value,
                 std::string& out) {
  out += name;
  out += " = ";
  AppendLiteral(value, out);
  out += '\n';
}

}  // namespace

std::string TestProgram(const TestProgramParts& parts) {
  std::string out(kShared);
  out += "_TEXTS = _install(";
  AppendLiteral(parts.module, out);
  out += ", ";
  AppendLiteral(parts.package, out);
  out += ", {\n";
  for (const auto& [module, file] : parts.shared) AppendFile(module, file, out);
  out += "})\n";
  out += kTests;
  out += '\n';
  AppendValue("_MODULE", parts.module, out);
  AppendValue("_FUNCTION", parts.function, out);
  AppendValue("_TESTS", parts.tests, out);
  out += "_TEXTS.update({\n";
  for (const auto& [module, file] : parts.of_tests) {
    AppendFile(module, file, out);
  }
  if (parts.needs_pytest) {
    AppendFile("pytest", {.path = "pytest.py", .text = std::string(kPytest)},
               out);
  }
  out += "})\n";
  return out;
}

bool TakesPytest(std::string_view text) {
  constexpr std::string_view kName = "pytest.";
  for (std::size_t at = text.find(kName); at != std::string_view::npos;
       at = text.find(kName, at)) {
    at += kName.size();
    const std::string_view used = text.substr(at);
    if (!used.starts_with("raises(") &&
        !used.starts_with("mark.parametrize(")) {
      return false;
    }
  }
  return true;
}

}  // namespace evalloop::prompt_engine
