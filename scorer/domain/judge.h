#ifndef EVALLOOP_SCORER_DOMAIN_JUDGE_H_
#define EVALLOOP_SCORER_DOMAIN_JUDGE_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/base/statistics.h"
#include "scorer/domain/judge_prompt.h"

namespace evalloop::scorer {

// A language model as judge. It breaks ties: its verdict is no metric, so no
// rubric can have it as a term and no gate can be decided by it alone.

// What the gateway knows of a model.
struct JudgeModel {
  std::string name;
  std::string family;    // Empty: unknown.
  std::string snapshot;  // Empty: unknown.
};

// One answer of a judge, as it was asked for.
struct JudgeAnswer {
  std::vector<int> grades;  // 1 to 5, one a criterion, in their order.
  std::string rationale;

  bool operator==(const JudgeAnswer&) const = default;
};

// Asks models. Thread-safe.
class JudgeModels {
 public:
  virtual ~JudgeModels() = default;

  // NotFound for a model that is not registered.
  virtual absl::StatusOr<JudgeModel> Find(std::string_view name,
                                          std::chrono::milliseconds within) = 0;

  // One answer a seed, in their order, asked for at once. InvalidArgument: the
  // model answered, but not what was asked for. Anything else: no answer came.
  virtual std::vector<absl::StatusOr<JudgeAnswer>> Ask(
      std::string_view model, const JudgePrompt& prompt,
      std::span<const JudgeCriterion> criteria, std::string_view check,
      std::span<const std::uint32_t> seeds,
      std::chrono::milliseconds within) = 0;
};

// A vote as kept: an answer, or why it was none.
struct KeptVote {
  std::optional<JudgeAnswer> answer;
  std::string reason;

  bool operator==(const KeptVote&) const = default;
};

// Where answers are kept, by digest. Thread-safe.
class JudgeCache {
 public:
  virtual ~JudgeCache() = default;

  virtual absl::StatusOr<std::map<std::string, KeptVote>> Find(
      std::span<const std::string> digests) = 0;
  // What is there already stays.
  virtual absl::Status Keep(const std::map<std::string, KeptVote>& votes) = 0;
};

struct JudgeQuestion {
  JudgeCase judged;
  std::string judge_model;
  std::string candidate_model;
  std::uint32_t votes = 0;              // 1 to 15; 0: 5.
  std::chrono::milliseconds within{0};  // For all of it.
};

// One vote.
struct JudgeVote {
  std::optional<JudgeAnswer> answer;
  std::optional<double> value;  // Mean of the grades, 1 to 5 as 0 to 1.
  std::string reason;           // Without an answer.
  bool failed = false;          // None came, so nothing is wrong with it.
  bool cached = false;
};

struct JudgeVerdict {
  JudgeModel model;
  std::vector<JudgeVote> votes;
  // Of the valid votes. Nothing when fewer than half of all are valid. The
  // bounds equal the value with one vote, which has no interval.
  std::optional<base::Estimate> estimate;
  std::optional<double> variance;  // With two or more.
};

// Thread-safe.
class Judge {
 public:
  // Both outlive this object.
  Judge(JudgeModels& models, JudgeCache& cache)
      : models_(models), cache_(cache) {}

  // InvalidArgument names the field. FailedPrecondition: JUDGE_SAME_FAMILY, or
  // JUDGE_FAMILY_UNKNOWN where that can't be ruled out. NotFound: a model is
  // not registered. When not one vote was answered: why.
  absl::StatusOr<JudgeVerdict> Ask(const JudgeQuestion& question);

 private:
  absl::StatusOr<JudgeModel> CheckFamilies(const JudgeQuestion& question);

  JudgeModels& models_;
  JudgeCache& cache_;
};

// Mean, and Student's 95 % interval cut to [0, 1]. `values` holds 1 to 15.
base::Estimate MeanWithInterval(std::span<const double> values);

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_DOMAIN_JUDGE_H_
