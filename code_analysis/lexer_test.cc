#include "code_analysis/lexer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <random>
#include <string>
#include <vector>

namespace evalloop::code_analysis {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> Texts(std::string_view source, Language language,
                               LexOptions options = {}) {
  std::vector<std::string> texts;
  for (const Token& token : Lex(source, language, options)) {
    texts.emplace_back(token.text);
  }
  return texts;
}

std::vector<Language> AllLanguages() {
  std::vector<Language> all;
  for (int i = 0; i <= static_cast<int>(Language::kPhp); ++i) {
    all.push_back(static_cast<Language>(i));
  }
  return all;
}

// Tokens in order, only blanks between them.
void ExpectRestores(std::string_view source, Language language) {
  std::size_t at = 0;
  for (const Token& token :
       Lex(source, language, {.comments = true, .newlines = true})) {
    ASSERT_FALSE(token.text.empty());
    ASSERT_GE(token.offset, at);
    for (; at < token.offset; ++at) {
      ASSERT_NE(std::string_view(" \t\v\f\r").find(source[at]),
                std::string_view::npos);
    }
    ASSERT_EQ(source.substr(at, token.text.size()), token.text);
    at += token.text.size();
  }
  EXPECT_EQ(source.substr(at).find_first_not_of(" \t\v\f\r"),
            std::string_view::npos);
}

TEST(LexerTest, TakesTheLongestOperator) {
  EXPECT_THAT(Texts("a<<=b->c::d<=>e", Language::kCpp),
              ElementsAre("a", "<<=", "b", "->", "c", "::", "d", "<=>", "e"));
  EXPECT_THAT(Texts("a//=b**c:=d", Language::kPython),
              ElementsAre("a", "//=", "b", "**", "c", ":=", "d"));
  EXPECT_THAT(Texts("int **p; x<-1", Language::kC),
              ElementsAre("int", "*", "*", "p", ";", "x", "<", "-", "1"));
  EXPECT_THAT(Texts("x<-c", Language::kGo), ElementsAre("x", "<-", "c"));
}

TEST(LexerTest, TellsKindsApart) {
  const auto tokens =
      Lex("return x1 + 0x1F # no", Language::kPython, {.comments = true});
  ASSERT_EQ(tokens.size(), 5u);
  EXPECT_EQ(tokens[0].kind, TokenKind::kKeyword);
  EXPECT_EQ(tokens[1].kind, TokenKind::kIdentifier);
  EXPECT_EQ(tokens[2].kind, TokenKind::kOperator);
  EXPECT_EQ(tokens[3].kind, TokenKind::kNumber);
  EXPECT_EQ(tokens[4].kind, TokenKind::kComment);
  EXPECT_EQ(tokens[4].offset, 17u);
}

TEST(LexerTest, KeepsNumbersWhole) {
  EXPECT_THAT(
      Texts("1'000u 1.5e-3f 0x1p+4 1.f a-1 .5", Language::kCpp),
      ElementsAre("1'000u", "1.5e-3f", "0x1p+4", "1.f", "a", "-", "1", ".5"));
  EXPECT_THAT(Texts("0..10 1.max(2)", Language::kRust),
              ElementsAre("0", "..", "10", "1", ".", "max", "(", "2", ")"));
  EXPECT_THAT(Texts("x[1:] 1. 1e5", Language::kPython),
              ElementsAre("x", "[", "1", ":", "]", "1.", "1e5"));
}

TEST(LexerTest, KeepsStringsWhole) {
  EXPECT_THAT(Texts("rb'a\\'b' f\"{x}\" '''m\nn''' u", Language::kPython),
              ElementsAre("rb'a\\'b'", "f\"{x}\"", "'''m\nn'''", "u"));
  EXPECT_THAT(Texts("R\"x(a)\" b)x\" u8\"q\" L'c' 'd'", Language::kCpp),
              ElementsAre("R\"x(a)\" b)x\"", "u8\"q\"", "L'c'", "'d'"));
  EXPECT_THAT(Texts("`a${f(`b${c}`, '}')}d` e", Language::kJavaScript),
              ElementsAre("`a${f(`b${c}`, '}')}d`", "e"));
  EXPECT_THAT(
      Texts("br#\"a\"b\"# 'a' &'a str r#type '\\''", Language::kRust),
      ElementsAre("br#\"a\"b\"#", "'a'", "&", "'a", "str", "r#type", "'\\''"));
  EXPECT_THAT(Texts("`a\nb` 'x'", Language::kGo), ElementsAre("`a\nb`", "'x'"));
  EXPECT_THAT(Texts("\"a#{h[\"k\"]}b\" c", Language::kRuby),
              ElementsAre("\"a#{h[\"k\"]}b\"", "c"));
}

TEST(LexerTest, EndsAnUnclosedStringWithItsLine) {
  EXPECT_THAT(Texts("x = 'abc\r\ny", Language::kPython),
              ElementsAre("x", "=", "'abc", "y"));
  EXPECT_THAT(Texts("x = 'a\\\nb'", Language::kJavaScript),
              ElementsAre("x", "=", "'a\\\nb'"));
}

TEST(LexerTest, KnowsEachLanguagesComments) {
  EXPECT_THAT(Texts("a /* b\nc */ d // e", Language::kGo),
              ElementsAre("a", "d"));
  EXPECT_THAT(Texts("a /* /* */ b */ c", Language::kRust),
              ElementsAre("a", "c"));
  EXPECT_THAT(Texts("echo $# a#b #c", Language::kBash),
              ElementsAre("echo", "$", "#", "a", "#", "b"));
  EXPECT_THAT(Texts("=begin\nx\n=end\ny", Language::kRuby), ElementsAre("y"));
  EXPECT_THAT(Texts("# a don't // b", Language::kUnknown),
              ElementsAre("#", "a", "don", "'", "t", "/", "/", "b"));
}

TEST(LexerTest, TellsDivisionFromARegularExpression) {
  EXPECT_THAT(Texts("a / b / c", Language::kJavaScript),
              ElementsAre("a", "/", "b", "/", "c"));
  EXPECT_THAT(
      Texts("x = /[/'\"]\\//g.test(y)", Language::kJavaScript),
      ElementsAre("x", "=", "/[/'\"]\\//g", ".", "test", "(", "y", ")"));
  EXPECT_THAT(Texts("return /a'b/", Language::kTypeScript),
              ElementsAre("return", "/a'b/"));
}

TEST(LexerTest, TakesAHereDocumentAsOneString) {
  EXPECT_THAT(
      Texts("cat <<'EOF' | sh\nit's\nEOF\ndone", Language::kBash),
      ElementsAre("cat", "<<", "'EOF'", "|", "sh", "it's\nEOF", "done"));
  EXPECT_THAT(
      Texts("a = <<~SQL\n  select\n  SQL\nb << c", Language::kRuby),
      ElementsAre("a", "=", "<<~", "SQL", "  select\n  SQL", "b", "<<", "c"));
}

TEST(LexerTest, KeepsUtf8WordsWhole) {
  EXPECT_THAT(Texts("größe = \"ü\"", Language::kPython),
              ElementsAre("größe", "=", "\"ü\""));
}

TEST(LexerTest, RestoresAnyBytesInAnyLanguage) {
  std::mt19937 random(7);
  constexpr std::array<std::string_view, 34> kPieces = {
      "\"",       "'",  "`",    "\\",  "\n",       "\r\n",  "\r",
      "/*",       "*/", "//",   "#",   "<<EOF\n",  "EOF\n", "${",
      "}",        "{",  "R\"(", ")\"", "r#\"",     "\"#",   "'''",
      "\"\"\"",   "a",  "1.",   "e+",  " ",        "\t",    "\xff",
      "\xc3\xa9", "@",  "$",    "/",   "=begin\n", "["};
  for (int round = 0; round < 3000; ++round) {
    std::string source;
    const int length = static_cast<int>(random() % 30);
    for (int i = 0; i < length; ++i) {
      if (random() % 4 == 0) {
        source.push_back(static_cast<char>(random() % 256));
      } else {
        source += kPieces[random() % kPieces.size()];
      }
    }
    for (const Language language : AllLanguages()) {
      ExpectRestores(source, language);
      if (HasFatalFailure()) {
        FAIL() << NameOf(language) << ": " << testing::PrintToString(source);
      }
    }
  }
}

// Quadratic code takes minutes here.
TEST(LexerTest, IsLinearOnHostileText) {
  constexpr std::array<std::string_view, 16> kUnits = {
      "\"",    "'",  "`",   "\\\"", "/*", "=[/", "r#", "R\"",
      "<<E\n", "${", "`${", "'\\",  "#{", "1.",  "(",  "\xff"};
  const auto start = std::chrono::steady_clock::now();
  for (const std::string_view unit : kUnits) {
    std::string source;
    while (source.size() < (std::size_t{1} << 15)) source += unit;
    for (const Language language : AllLanguages()) {
      EXPECT_GE(Lex(source, language, {.comments = true}).size(), 1u);
      LexLines(source, language);
    }
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start,
            std::chrono::seconds(120));
}

}  // namespace
}  // namespace evalloop::code_analysis
