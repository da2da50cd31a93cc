#include "code_analysis/invented.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "code_analysis/known_names.h"

namespace evalloop::code_analysis {
namespace {

std::string In(Language language, std::string_view candidate,
               Surroundings around = {},
               const RepositoryNames* repository = nullptr) {
  const InventedSymbols invented =
      FindInvented(candidate, around, language, repository);
  std::string words(invented.reason);
  for (const std::string& name : invented.names) {
    if (!words.empty()) words += ' ';
    words += name;
  }
  return words;
}

std::string Python(std::string_view candidate, Surroundings around = {},
                   const RepositoryNames* repository = nullptr) {
  return In(Language::kPython, candidate, around, repository);
}

TEST(InventedTest, ACallOfANameThatNobodyDefines) {
  EXPECT_EQ(Python("x = helper(1)\n"), "helper");
  EXPECT_EQ(Python("x = helper(1)\ny = helper(len('a'))\n"), "helper");
  EXPECT_EQ(Python("def helper(x): pass\nhelper(1)\n"), "");
  EXPECT_EQ(Python("helper(1)", {.prefix = "def helper(x): pass\n"}), "");
  EXPECT_EQ(Python("helper(1)\n", {.suffix = "def helper(x): pass\n"}), "");
  EXPECT_EQ(Python("def f(g):\n    return g(1)\n"), "");
  EXPECT_EQ(Python("for g in a:\n    g(1)\n"), "");
  EXPECT_EQ(Python("with open(a) as b:\n    b(1)\n"), "");
  EXPECT_EQ(Python("print(sorted(range(3)))\nraise ValueError('x')\n"), "");
  EXPECT_EQ(Python("from x import *\nhelper(1)\n"), "");
  EXPECT_EQ(Python("value.anything(1).other\n"), "");
}

TEST(InventedTest, MembersAndImportsOfStandardModules) {
  EXPECT_EQ(Python("import os\nos.pathh.join('a')\n"), "os.pathh");
  EXPECT_EQ(Python("import os\nos.path.joinn('a')\nos.getcwd()\n"),
            "os.path.joinn");
  EXPECT_EQ(Python("np.zeros(1); json.dumpz(x)",
                   {.prefix = "import json\nimport numpy as np\n"}),
            "json.dumpz");
  EXPECT_EQ(Python("from itertools import izip, chain\n"), "itertools.izip");
  EXPECT_EQ(Python("import os.nothing\n"), "os.nothing");
  EXPECT_EQ(Python("import collections.abc, xml.etree.ElementTree as e\n"
                   "from concurrent import futures\n"
                   "import importlib.resources\ne.parse(x)\n"
                   "futures.ThreadPoolExecutor()\n"),
            "");
  EXPECT_EQ(Python("try:\n    from itertools import izip\n"
                   "except ImportError:\n    izip = zip\n"),
            "");
  EXPECT_EQ(Python("import os\ndef f(os):\n    os.anything()\n"), "");
  EXPECT_EQ(Python("import numpy\nfrom flask import nothing\n"), "");
}

TEST(InventedTest, TheRepositoryKnowsItsOwnNames) {
  RepositoryNames repository;
  repository.Add("app/tools.py", "def helper(x): pass\nimport requests\n");
  EXPECT_EQ(Python("helper(1)\nother(2)\n", {}, &repository), "other");
  EXPECT_EQ(Python("import requests, app.tools, nosuch\n", {}, &repository),
            "nosuch");
}

TEST(InventedTest, JavaScriptAndTypeScript) {
  EXPECT_EQ(In(Language::kJavaScript, "const x = helper(1);"), "helper");
  EXPECT_EQ(In(Language::kJavaScript, "new Thing(parseInt('1'));"), "Thing");
  EXPECT_EQ(In(Language::kJavaScript,
               "const fs = require('fs');\nfs.readFil(x);fs.readFile(y);"),
            "fs.readFil");
  EXPECT_EQ(
      In(Language::kJavaScript, "import { join, joinn } from 'node:path';"),
      "path.joinn");
  EXPECT_EQ(In(Language::kJavaScript, "import * as os from 'os'; os.cpu();"),
            "os.cpu");
  EXPECT_EQ(In(Language::kJavaScript, "Math.clamp(1); Math.max(1, 2);"),
            "Math.clamp");
  EXPECT_EQ(In(Language::kTypeScript,
               "import { PathLike } from 'fs';\n"
               "function f<T>(g: (x: T) => T): T { return g(h); }"),
            "");
  EXPECT_EQ(In(Language::kJavaScript,
               "function f(g) { return g(1); } const { a } = b; a(f);"),
            "");
}

TEST(InventedTest, GoNeedsTheRepositoryForBareNames) {
  const std::string_view file = "package p\nimport \"fmt\"\nfunc f() {\n";
  EXPECT_EQ(In(Language::kGo, "fmt.Printl(1); helper(2)", {.prefix = file}),
            "fmt.Printl");
  RepositoryNames repository;
  repository.Add("p/a.go", "package p\nfunc known() {}\n");
  EXPECT_EQ(In(Language::kGo, "helper(len(x)); known()", {.prefix = file},
               &repository),
            "helper");
  EXPECT_EQ(In(Language::kGo,
               "package p\nimport \"math/rand/v2\"\nvar x = rand.IntN(3)\n"),
            "");
}

TEST(InventedTest, SaysWhyItDidNotLook) {
  EXPECT_EQ(In(Language::kRuby, "x(1)"), "no_rules");
  EXPECT_EQ(In(Language::kUnknown, "x(1)"), "no_grammar");
  EXPECT_EQ(Python(std::string(kMaxParsedBytes + 1, ' ')), "too_long");
}

TEST(InventedTest, ReadsACheckoutWithinLimits) {
  namespace fs = std::filesystem;
  const fs::path folder = ::testing::TempDir() + "invented_test_repository";
  fs::create_directories(folder / "src");
  fs::create_directories(folder / ".git");
  std::ofstream(folder / "src" / "tools.py") << "def helper(): pass\n";
  std::ofstream(folder / "requirements.txt") << "flask==3\n";
  std::ofstream(folder / ".git" / "x.py") << "hidden = 1\n";
  std::ofstream(folder / "data.bin") << "binary\n";
  const auto names = ReadRepositoryNames(folder.string());
  ASSERT_TRUE(names.ok()) << names.status();
  EXPECT_TRUE(names->Has("helper"));
  EXPECT_TRUE(names->Has("tools"));
  EXPECT_TRUE(names->Has("flask"));
  EXPECT_FALSE(names->Has("hidden"));
  EXPECT_FALSE(names->Has("binary"));
  EXPECT_EQ(ReadRepositoryNames(folder.string(), {.files = 1}).status().code(),
            absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(ReadRepositoryNames("/no/such").status().code(),
            absl::StatusCode::kNotFound);
  fs::remove_all(folder);
}

TEST(InventedTest, TablesAreThere) {
  EXPECT_TRUE(KnownNames::Of(Language::kPython)->HasGlobal("print"));
  EXPECT_TRUE(KnownNames::Of(Language::kGo)->Has("strings", "Builder"));
  EXPECT_TRUE(KnownNames::Of(Language::kTsx)->HasGlobal("document"));
  EXPECT_EQ(KnownNames::Of(Language::kC), nullptr);
}

TEST(InventedTest, SurvivesHostileText) {
  for (const std::string_view unit :
       {"f(", "a.b.", "import a.", "from os import ", "new X(", "\xff",
        "import {", "require('"}) {
    std::string text;
    while (text.size() + unit.size() <= kMaxParsedBytes / 4) text += unit;
    for (const Language language : {Language::kPython, Language::kJavaScript,
                                    Language::kTsx, Language::kGo}) {
      FindInvented(text, {.prefix = text, .suffix = text}, language, nullptr);
    }
  }
}

}  // namespace
}  // namespace evalloop::code_analysis
