#include "third_party/grammars/grammars.h"

#include <cstdint>
#include <memory>
#include <string>

#include "gtest/gtest.h"

namespace evalloop::grammars {
namespace {

struct Sample {
  const char* name;
  const TSLanguage* (*language)();
  const char* good;
};

// gtest prints a parameter byte by byte otherwise.
void PrintTo(const Sample& sample, std::ostream* out) { *out << sample.name; }

class GrammarTest : public testing::TestWithParam<Sample> {
 protected:
  static bool HasError(const Sample& sample, const std::string& source) {
    std::unique_ptr<TSParser, decltype(&ts_parser_delete)> parser(
        ts_parser_new(), &ts_parser_delete);
    if (!ts_parser_set_language(parser.get(), sample.language())) {
      ADD_FAILURE() << sample.name << ": ABI "
                    << ts_language_version(sample.language())
                    << " is not one that this libtree-sitter loads";
      return true;
    }
    std::unique_ptr<TSTree, decltype(&ts_tree_delete)> tree(
        ts_parser_parse_string(parser.get(), nullptr, source.data(),
                               static_cast<uint32_t>(source.size())),
        &ts_tree_delete);
    return ts_node_has_error(ts_tree_root_node(tree.get()));
  }
};

TEST_P(GrammarTest, ParsesItsLanguageWithoutError) {
  EXPECT_FALSE(HasError(GetParam(), GetParam().good));
}

TEST_P(GrammarTest, ReportsBrokenSource) {
  EXPECT_TRUE(HasError(GetParam(), std::string(GetParam().good) + "\n((((("));
}

INSTANTIATE_TEST_SUITE_P(
    AllLanguages, GrammarTest,
    testing::Values(
        Sample{"bash", tree_sitter_bash, "for i in 1 2; do echo $i; done\n"},
        Sample{"c", tree_sitter_c, "int f(int a) { return a + 1; }\n"},
        Sample{"c_sharp", tree_sitter_c_sharp,
               "class A { int F(int a) { return a + 1; } }\n"},
        Sample{"php", tree_sitter_php,
               "<?php function f($a) { return $a + 1; }\n"},
        Sample{"cpp", tree_sitter_cpp,
               "template <class T> T f(T a) { return a + T{1}; }\n"},
        Sample{"go", tree_sitter_go,
               "package p\nfunc f(a int) int { return a + 1 }\n"},
        Sample{"java", tree_sitter_java,
               "class A { int f(int a) { return a + 1; } }\n"},
        Sample{"javascript", tree_sitter_javascript,
               "const f = (a) => `${a}`;\n"},
        Sample{"python", tree_sitter_python, "def f(a):\n    return f'{a}'\n"},
        Sample{"ruby", tree_sitter_ruby, "def f(a)\n  a + 1\nend\n"},
        Sample{"rust", tree_sitter_rust, "fn f(a: i32) -> i32 { a + 1 }\n"},
        Sample{"tsx", tree_sitter_tsx,
               "const f = (a: number) => <b>{a}</b>;\n"},
        Sample{"typescript", tree_sitter_typescript,
               "const f = (a: number): string => `${a}`;\n"}),
    [](const testing::TestParamInfo<Sample>& sample) {
      return std::string(sample.param.name);
    });

}  // namespace
}  // namespace evalloop::grammars
