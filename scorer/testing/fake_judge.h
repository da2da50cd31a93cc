#ifndef EVALLOOP_SCORER_TESTING_FAKE_JUDGE_H_
#define EVALLOOP_SCORER_TESTING_FAKE_JUDGE_H_

#include <chrono>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "scorer/domain/judge.h"

namespace evalloop::scorer {

// JudgeModels with the models "judge" and "author" of two families, "stranger"
// of none. Not thread-safe.
class FakeJudgeModels final : public JudgeModels {
 public:
  absl::StatusOr<JudgeModel> Find(std::string_view name,
                                  std::chrono::milliseconds) override {
    const auto at = models.find(name);
    if (at == models.end()) return absl::NotFoundError("no such model");
    return at->second;
  }

  std::vector<absl::StatusOr<JudgeAnswer>> Ask(
      std::string_view, const JudgePrompt& prompt,
      std::span<const JudgeCriterion>, std::string_view,
      std::span<const std::uint32_t> seeds,
      std::chrono::milliseconds) override {
    prompts.push_back(prompt);
    std::vector<absl::StatusOr<JudgeAnswer>> out;
    for (const std::uint32_t seed : seeds) {
      asked.push_back(seed);
      out.push_back(answers.at(seed));
    }
    return out;
  }

  std::map<std::string, JudgeModel, std::less<>> models = {
      {"judge", {"judge", "oak", "s1"}},
      {"author", {"author", "elm", "s2"}},
      {"stranger", {"stranger", "", ""}}};
  // By seed.
  std::vector<absl::StatusOr<JudgeAnswer>> answers;
  std::vector<std::uint32_t> asked;
  std::vector<JudgePrompt> prompts;
};

// JudgeCache in memory. Not thread-safe.
class FakeJudgeCache final : public JudgeCache {
 public:
  absl::StatusOr<std::map<std::string, KeptVote>> Find(
      std::span<const std::string> digests) override {
    std::map<std::string, KeptVote> found;
    for (const std::string& digest : digests) {
      const auto at = votes_.find(digest);
      if (at != votes_.end()) found.insert(*at);
    }
    return found;
  }
  absl::Status Keep(const std::map<std::string, KeptVote>& votes) override {
    votes_.insert(votes.begin(), votes.end());
    return absl::OkStatus();
  }

 private:
  std::map<std::string, KeptVote> votes_;
};

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_TESTING_FAKE_JUDGE_H_
