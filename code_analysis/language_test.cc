#include "code_analysis/language.h"

#include <gtest/gtest.h>

namespace evalloop::code_analysis {
namespace {

TEST(LanguageTest, IsReadOffThePath) {
  EXPECT_EQ(LanguageOfPath("a/b.py"), Language::kPython);
  EXPECT_EQ(LanguageOfPath("a.b/C.HPP"), Language::kCpp);
  EXPECT_EQ(LanguageOfPath("x.h"), Language::kCpp);
  EXPECT_EQ(LanguageOfPath("x.c"), Language::kC);
  EXPECT_EQ(LanguageOfPath("web/App.tsx"), Language::kTsx);
  EXPECT_EQ(LanguageOfPath("Rakefile"), Language::kRuby);
  EXPECT_EQ(LanguageOfPath("README.md"), Language::kUnknown);
  EXPECT_EQ(LanguageOfPath("a.py/README"), Language::kUnknown);
  EXPECT_EQ(LanguageOfPath(""), Language::kUnknown);
}

TEST(LanguageTest, NamesGoThereAndBack) {
  for (int i = 0; i <= static_cast<int>(Language::kPhp); ++i) {
    const auto language = static_cast<Language>(i);
    EXPECT_EQ(ParseLanguage(NameOf(language)), language);
  }
  EXPECT_EQ(ParseLanguage("C++"), Language::kCpp);
  EXPECT_EQ(ParseLanguage("golang"), Language::kGo);
  EXPECT_EQ(ParseLanguage("cobol"), Language::kUnknown);
}

}  // namespace
}  // namespace evalloop::code_analysis
