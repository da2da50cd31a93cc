#include "code_analysis/vocabulary.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <unordered_map>

namespace evalloop::code_analysis {
namespace {

std::uint32_t Number(Vocabulary& vocabulary, std::string_view text,
                     std::size_t size) {
  return vocabulary.Number(text.data(), size, text.data() + text.size());
}

TEST(VocabularyTest, NumbersWordsInOrderAndForgetsThem) {
  Vocabulary vocabulary;
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(Number(vocabulary, "if", 2), 0u);
    EXPECT_EQ(Number(vocabulary, "else", 4), 1u);
    EXPECT_EQ(Number(vocabulary, "if and what follows", 2), 0u);
    vocabulary.Clear();
  }
}

TEST(VocabularyTest, TellsWordsOfAllLengthsApart) {
  Vocabulary vocabulary;
  std::unordered_map<std::string, std::uint32_t> numbers;
  std::string text(40, 'a');
  text += std::string(40, '\0');
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (std::size_t size = 1; at + size <= text.size(); ++size) {
      const auto [known, added] = numbers.try_emplace(
          text.substr(at, size), static_cast<std::uint32_t>(numbers.size()));
      ASSERT_EQ(Number(vocabulary, std::string_view(text).substr(at), size),
                known->second)
          << at << " " << size;
    }
  }
}

TEST(VocabularyTest, GrowsWithItsWords) {
  Vocabulary vocabulary;
  std::string text;
  for (int i = 10000; i < 30000; ++i) text += std::to_string(i);
  for (int round = 0; round < 2; ++round) {
    for (std::uint32_t i = 0; i < 20000; ++i) {
      ASSERT_EQ(Number(vocabulary, std::string_view(text).substr(i * 5), 5), i);
    }
  }
}

}  // namespace
}  // namespace evalloop::code_analysis
