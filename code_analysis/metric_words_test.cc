#include "code_analysis/metric_words.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace evalloop::code_analysis {
namespace {

// How many words 13a makes of `text`, and how many of them differ.
struct Words {
  std::size_t all = 0;
  std::size_t kinds = 0;

  friend bool operator==(const Words&, const Words&) = default;
};

Words Count(const std::vector<std::uint32_t>& ids) {
  std::uint32_t kinds = 0;
  for (const std::uint32_t id : ids) kinds = std::max(kinds, id + 1);
  return {ids.size(), kinds};
}

Words Split13a(std::string_view text) {
  NumberedWords words;
  TextPair(text, "").Visit(
      [&](const auto& texts) { words.SplitFor13a(texts); });
  return Count(words.candidate());
}

// A text is taken apart as the blanks in `apart` say.
void ExpectApart(std::string_view text, std::string_view apart) {
  NumberedWords words;
  TextPair(text, "").Visit(
      [&](const auto& texts) { words.SplitFor13a(texts); });
  std::size_t wanted = 1;
  for (const char c : apart) wanted += c == ' ' ? 1 : 0;
  EXPECT_EQ(words.candidate().size(), wanted) << text;
}

// By sacrebleu 2.6.0: Tokenizer13a()(text).
TEST(MetricWordsTest, SplitDotsAndDashesAs13aDoes) {
  ExpectApart("1.5", "1.5");
  ExpectApart("1..5", "1 . . 5");
  ExpectApart("1...5", "1 . . .5");
  ExpectApart("a.5", "a . 5");
  ExpectApart("a..5", "a . .5");
  ExpectApart("a...5", "a . . . 5");
  ExpectApart("5.a", "5 . a");
  ExpectApart("5..", "5 . .");
  ExpectApart(".5", ". 5");
  ExpectApart("1,000,000", "1,000,000");
  ExpectApart("1-2", "1 - 2");
  ExpectApart("1--2", "1 - -2");
  ExpectApart("a-2", "a-2");
  ExpectApart("5-.3", "5 - . 3");
  ExpectApart("5.-3", "5 . -3");
  ExpectApart("f(x)", "f ( x )");
  ExpectApart("it's", "it's");
  ExpectApart(
      "a\x1f"
      "b",
      "a b");
}

TEST(MetricWordsTest, CleanBeforeTheySplit) {
  EXPECT_EQ(Split13a("ab-\ncd"), (Words{1, 1}));
  EXPECT_EQ(Split13a("a<skipped>b"), (Words{1, 1}));
  EXPECT_EQ(Split13a("a &amp; &quot; b"), (Words{4, 4}));
  EXPECT_EQ(Split13a("&amp;lt; <"), (Words{2, 1}));
  EXPECT_EQ(Split13a("a-\n"), (Words{1, 1}));  // Stripped first: "a-".
}

TEST(MetricWordsTest, NumberWordsAlikeInBothTexts) {
  NumberedWords words;
  for (int round = 0; round < 2; ++round) {  // Nothing stays behind.
    TextPair("a b a", "b c").Visit([&](const auto& texts) {
      words.SplitFor13a(texts);
    });
    EXPECT_EQ(words.candidate(), (std::vector<std::uint32_t>{0, 1, 0}));
    EXPECT_EQ(words.reference(), (std::vector<std::uint32_t>{1, 2}));
  }
}

TEST(MetricWordsTest, SplitForRougeLowersAndKeepsAsciiWords) {
  NumberedWords words;
  TextPair("Foo_BAR2 \xC3\xA9", "foo bar2 f").Visit([&](const auto& texts) {
    words.SplitForRouge(texts);
  });
  EXPECT_EQ(words.candidate(), (std::vector<std::uint32_t>{0, 1}));
  EXPECT_EQ(words.reference(), (std::vector<std::uint32_t>{0, 1, 2}));
  // The Kelvin sign is a k; a dotted capital I ends its word.
  TextPair("\xE2\x84\xAAm \xC4\xB0x", "km i x").Visit([&](const auto& texts) {
    words.SplitForRouge(texts);
  });
  EXPECT_EQ(words.candidate(), words.reference());
}

}  // namespace
}  // namespace evalloop::code_analysis
