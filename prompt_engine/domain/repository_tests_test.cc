// A repository's own tests, found for the bodies that they are about.
#include "prompt_engine/domain/repository_tests.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "platform/testing/status_matchers.h"
#include "prompt_engine/domain/local_history.h"
#include "prompt_engine/domain/miner.h"
#include "prompt_engine/testing/git_folder.h"

namespace evalloop::prompt_engine {
namespace {

using evalloop::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kHead[] =
    "\"\"\"Sizes.\"\"\"\n"
    "import re\n"
    "\n"
    "from .text import clean\n";
constexpr char kFunction[] =
    "\n"
    "\n"
    "def bytes_of(size):\n"
    "    \"\"\"How many bytes a size like 4K is.\"\"\"\n";
constexpr char kBody[] =
    "    number, unit = re.match(r'(\\d+)([KM]?)$', clean(size)).groups()\n"
    "    return int(number) * {'': 1, 'K': 1 << 10, 'M': 1 << 20}[unit]\n";
constexpr char kBelow[] =
    "\n"
    "\n"
    "def larger(one, other):\n"
    "    return bytes_of(one) > bytes_of(other)\n";
constexpr char kTests[] =
    "import unittest\n"
    "\n"
    "from app import sizes\n"
    "\n"
    "\n"
    "class SizesTest(unittest.TestCase):\n"
    "    def test_units(self):\n"
    "        self.assertEqual(sizes.bytes_of('4k '), 4096)\n";

class RepositoryTestsTest : public ::testing::Test {
 protected:
  // A history in which `bytes_of` comes after all else; the item of its body.
  MinedItem Body(const std::string& head = kHead,
                 const std::string& tests = kTests,
                 const std::string& test_path = "tests/test_sizes.py") {
    GitFolder git;
    git.Write("src/app/__init__.py", "from .sizes import larger\n");
    git.Write("src/app/text.py",
              "def clean(text):\n    return text.strip().upper()\n");
    git.Write("src/app/sizes.py", head + kBelow);
    git.CommitAll("ann", "app");
    git.Write("src/app/sizes.py", head + kFunction + kBody + kBelow);
    git.Write(test_path, tests);
    git.CommitAll("bob", "sizes");
    std::vector<MinedItem> items;
    const auto history = ReadLocalHistory({git.path(), {}, 1, {}});
    EXPECT_THAT(history, IsOk());
    const auto opened = code_analysis::Repository::Open(git.path());
    EXPECT_THAT(opened, IsOk());
    MineRequest request;
    request.repository = "r";
    request.classes = {ItemClass::kBody};
    EXPECT_THAT(MineItems(request, *opened, *history,
                          {[&](MinedItem item) {
                             items.push_back(std::move(item));
                             return true;
                           },
                           {}}),
                IsOk());
    for (MinedItem& item : items) {
      if (item.symbol == "bytes_of") return std::move(item);
    }
    ADD_FAILURE() << "no item of bytes_of among " << items.size();
    return {};
  }

  static bool IsExecutable(const MinedItem& item) {
    const bool tagged = std::find(item.tags.begin(), item.tags.end(),
                                  kExecutableTag) != item.tags.end();
    EXPECT_EQ(tagged, !item.tests.program.empty());
    return tagged;
  }
};

TEST_F(RepositoryTestsTest, ABodyHasTheTestsThatNameItsFunction) {
  const MinedItem item = Body();
  ASSERT_TRUE(IsExecutable(item));
  EXPECT_EQ(item.tests.entry_point, "bytes_of");
  EXPECT_TRUE(std::is_sorted(item.tags.begin(), item.tags.end()));
  // Prefix, answer and suffix are a program.
  EXPECT_THAT(item.prefix + item.agreed + item.suffix,
              HasSubstr("[unit]\ndef larger(one, other):\n"));
  const std::string& program = item.tests.program;
  EXPECT_THAT(program, HasSubstr("_MODULE = \"app.sizes\""));
  EXPECT_THAT(program, HasSubstr("_TESTS = \"tests.test_sizes\""));
  EXPECT_THAT(program, HasSubstr("class SizesTest(unittest.TestCase):"));
  // The candidate has what its module needs, and not what was committed.
  ASSERT_TRUE(program.starts_with("# evalloop: shared\n"));
  const std::size_t end = program.find("\n# evalloop: tests\n");
  ASSERT_NE(end, std::string::npos);
  const std::string shared = program.substr(0, end);
  EXPECT_THAT(shared, HasSubstr("text.strip().upper()"));
  EXPECT_THAT(shared, Not(HasSubstr("1 << 20")));
  EXPECT_THAT(shared, Not(HasSubstr("4096")));
}

TEST_F(RepositoryTestsTest, TheSameHistoryHasTheSameProgram) {
  EXPECT_EQ(Body().tests.program, Body().tests.program);
}

TEST_F(RepositoryTestsTest, WhatNeedsMoreThanAFewFilesHasNone) {
  const std::string module(kHead);
  EXPECT_FALSE(IsExecutable(Body(module + "import numpy\n")));
  // It goes without, or fails its tests: the scorer finds out.
  EXPECT_TRUE(IsExecutable(Body(
      module + "try:\n    import numpy\nexcept ImportError:\n    pass\n")));
  EXPECT_FALSE(IsExecutable(Body(module + "from .gone import more\n")));
  // A module that imports ours has the answer.
  EXPECT_FALSE(IsExecutable(Body(module + "from . import larger\n")));
  const std::string tests(kTests);
  EXPECT_FALSE(IsExecutable(Body(kHead, "import numpy\n" + tests)));
  std::string longer = tests;
  while (longer.size() < kMostTestBytes) longer += "# And so on.\n";
  EXPECT_FALSE(IsExecutable(Body(kHead, longer)));
}

TEST_F(RepositoryTestsTest, TestsAreOfTheFunctionAndOfTheModule) {
  std::string tests(kTests);
  const auto replaced = [&tests](const std::string& from,
                                 const std::string& to) {
    std::string text = tests;
    return text.replace(text.find(from), from.size(), to);
  };
  EXPECT_FALSE(IsExecutable(Body(kHead, replaced("bytes_of", "larger"))));
  EXPECT_FALSE(IsExecutable(Body(kHead, replaced("bytes_of", "bytes_off"))));
  EXPECT_FALSE(
      IsExecutable(Body(kHead, replaced("app import sizes", "app import s"))));
  EXPECT_FALSE(IsExecutable(Body(kHead, tests, "tests/test_other.py")));
  EXPECT_FALSE(IsExecutable(Body(kHead, tests, "checks/sizes.py")));
  EXPECT_TRUE(IsExecutable(Body(kHead, tests, "tests/sizes/test_it.py")));
  EXPECT_TRUE(IsExecutable(
      Body(kHead, replaced("from app import sizes",
                           "import app.sizes as sizes  # All of it."))));
}

TEST_F(RepositoryTestsTest, OfPytestTheSimplePartsAreThere) {
  const std::string tests =
      "import pytest\n"
      "from app.sizes import bytes_of\n"
      "@pytest.mark.parametrize('size, bytes', [('1k', 1024)])\n"
      "def test_it(size, bytes):\n"
      "    assert bytes_of(size) == bytes\n";
  EXPECT_THAT(Body(kHead, tests).tests.program, HasSubstr("\"pytest\": ("));
  EXPECT_THAT(Body().tests.program, Not(HasSubstr("\"pytest\": (")));
  EXPECT_FALSE(IsExecutable(
      Body(kHead, tests + "@pytest.fixture\ndef size():\n    return 1\n")));
  EXPECT_FALSE(
      IsExecutable(Body(kHead, "from pytest import raises\n" + tests)));
}

std::vector<std::string> Told(std::string_view text) {
  std::vector<std::string> told;
  for (const PythonImport& one : PythonImports(text)) {
    std::string words(static_cast<std::size_t>(one.dots), '.');
    words += one.module;
    for (const std::string& name : one.names) words += ' ' + name;
    told.push_back(words + (one.must ? "!" : ""));
  }
  return told;
}

TEST(PythonImportsTest, ReadsEveryForm) {
  EXPECT_THAT(Told("import a, b.c as d; import e\n"
                   "from f import g as h, i\n"
                   "from j.k import (l,  # One.\n"
                   "    m as n,\n"
                   ")\n"
                   "from o import p, \\\n"
                   "    q\n"
                   "from . import r\n"
                   "from ...s import *\n"),
              ElementsAre("a!", "b.c!", "e", "f g i!", "j.k l m!", "o p q!",
                          ". r!", "...s *!"));
}

TEST(PythonImportsTest, TellsWhatMustBeFromWhatMayBe) {
  EXPECT_THAT(Told("\"\"\"\nimport no\n\"\"\"\n"
                   "x = (1,\nfrom_, imports)\n"
                   "def f():\n"
                   "    import a\n"
                   "    yield from b\n"
                   "try: import c\n"
                   "except ImportError:\n"
                   "    from d import e\n"
                   "import f\n"),
              ElementsAre("a", "c", "d e", "f!"));
  EXPECT_THAT(Told("from"), ElementsAre());
  EXPECT_THAT(Told("import"), ElementsAre());
  EXPECT_THAT(Told("from . import ("), ElementsAre());
}

}  // namespace
}  // namespace evalloop::prompt_engine
