#include "model_server/domain/index_snapshot.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "model_server/domain/blend.h"
#include "model_server/domain/evidence.h"
#include "model_server/domain/request_text.h"
#include "model_server/testing/tiny_model.h"

namespace evalloop::model_server {
namespace {

using testing::IndexOf;

std::string RandomSource(std::mt19937& random, int lines) {
  static const char* const kWords[] = {"if", "x", "y", "foo", "(",  ")",
                                       ";",  "=", "+", "1",   "bar"};
  std::string source;
  for (int line = 0; line < lines; ++line) {
    const auto length = 1 + random() % 6;
    for (std::uint32_t i = 0; i < length; ++i) {
      source += kWords[random() % std::size(kWords)];
      source += ' ';
    }
    source += '\n';
  }
  return source;
}

// Index counts of every word after the text `prefix`, by word.
std::map<std::string, float> CountsAfter(const IndexSnapshot& index,
                                         std::string_view prefix, int slot) {
  RequestText text(index, prefix, "", code_analysis::Language::kC);
  EvidenceReader reader(index, text.file, text.words.size());
  Evidence evidence;
  std::vector<TokenId> all;
  for (TokenId token = kNewline; token < text.words.size(); ++token) {
    all.push_back(token);
  }
  reader.Read(
      reader.Start(text.context), {}, all, [](TokenId) { return true; },
      evidence);
  std::map<std::string, float> counts;
  if (slot >= evidence.slots) return counts;
  for (std::size_t i = 0; i < evidence.candidates.size(); ++i) {
    const float count =
        evidence.counts[static_cast<std::size_t>(slot)][i].index;
    if (count > 0) {
      counts[std::string(text.words.Text(evidence.candidates[i]))] = count;
    }
  }
  return counts;
}

TEST(IndexSnapshotTest, AnOverlayCountsLikeAFreshBuild) {
  std::mt19937 random(11);
  std::vector<std::string> texts = {RandomSource(random, 120),
                                    RandomSource(random, 90),
                                    RandomSource(random, 60)};
  const std::vector<std::string> paths = {"a.c", "b.c", "c.c"};
  std::shared_ptr<const IndexSnapshot> moved = IndexOf(
      {{paths[0], texts[0]}, {paths[1], texts[1]}, {paths[2], texts[2]}});
  for (int step = 0; step < 12; ++step) {
    const std::size_t which = random() % 3;
    // Replace some lines in the middle, or all, or bring the file back.
    std::string changed = texts[which];
    const std::size_t at = changed.find('\n', random() % changed.size());
    if (at != std::string::npos) {
      changed.insert(at + 1, RandomSource(random, 2));
    }
    const std::size_t from = changed.find('\n', random() % changed.size());
    if (from != std::string::npos) {
      const std::size_t to = changed.find('\n', from + 1);
      if (to != std::string::npos) changed.erase(from, to - from);
    }
    texts[which] = changed;
    moved = moved->With("c" + std::to_string(step),
                        std::vector<FileVersion>{{paths[which], changed}});
    const auto fresh = IndexOf(
        {{paths[0], texts[0]}, {paths[1], texts[1]}, {paths[2], texts[2]}});
    for (int probe = 0; probe < 10; ++probe) {
      const std::string& source = texts[random() % 3];
      const std::string prefix =
          source.substr(0, source.find(' ', random() % source.size())) + " ";
      for (const int slot : {0, 1, 2, 4, 8, 11, 13}) {
        ASSERT_EQ(CountsAfter(*moved, prefix, slot),
                  CountsAfter(*fresh, prefix, slot))
            << "step " << step << " slot " << slot;
      }
    }
  }
}

TEST(IndexSnapshotTest, ADeletedFileLeavesNothingBehind) {
  const auto index = IndexOf({{"a.c", "int one;\n"}, {"b.c", "int two;\n"}});
  const auto without =
      index->With("next", std::vector<FileVersion>{{"b.c", std::nullopt}});
  EXPECT_EQ(CountsAfter(*without, "int ", 1),
            (std::map<std::string, float>{{"one", 1}}));
  EXPECT_TRUE(without->FileText("b.c").empty());
  EXPECT_FALSE(index->FileText("b.c").empty());
  const auto back =
      without->With("last", std::vector<FileVersion>{{"b.c", "int two;\n"}});
  EXPECT_EQ(CountsAfter(*back, "int ", 1), CountsAfter(*index, "int ", 1));
}

TEST(IndexSnapshotTest, AnEarlierSnapshotNeverSeesALaterLine) {
  const auto parent = IndexOf({{"a.c", "int a = first;\n"}});
  const auto child = parent->With(
      "child",
      std::vector<FileVersion>{{"a.c", "int a = first;\nint b = planted;\n"}});
  EXPECT_FALSE(CountsAfter(*parent, "int b = ", 1).contains("planted"));
  EXPECT_TRUE(CountsAfter(*child, "int b = ", 1).contains("planted"));
}

TEST(BlendTest, ProbabilitiesOfAllWordsSumToOne) {
  std::mt19937 random(12);
  const auto index = IndexOf({{"a.c", RandomSource(random, 300)}});
  const std::string open = RandomSource(random, 20) + "if ( x ";
  RequestText text(*index, open, "", code_analysis::Language::kC);
  EvidenceReader reader(*index, text.file, text.words.size());
  std::vector<TokenId> all;
  for (TokenId token = kNewline; token < text.words.size(); ++token) {
    all.push_back(token);
  }
  Evidence evidence;
  reader.Read(
      reader.Start(text.context), {}, all, [](TokenId) { return true; },
      evidence);
  double sum = 0;
  const auto probability =
      Blend(evidence, Parameters::Default(), text.words.size());
  for (const double p : probability) sum += p;
  EXPECT_NEAR(sum, 1.0, 0.01);
}

}  // namespace
}  // namespace evalloop::model_server
