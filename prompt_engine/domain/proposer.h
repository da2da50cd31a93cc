#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_PROPOSER_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_PROPOSER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "prompt_engine/domain/library.h"
#include "prompt_engine/domain/outcome.h"
#include "prompt_engine/domain/policy_search.h"

namespace evalloop::prompt_engine {

enum class ProposalKind : std::uint8_t { kThreshold, kLearnt };

struct ProposeRequest {
  std::string prompt;
  std::uint32_t base_version = 0;  // 0: what `production` points at.
  std::vector<ProposalKind> kinds;
  OutcomeFilter learn_from;
  double min_acceptance = 0.5;  // In (0, 1).
  std::string author;
};

// A draft with what it was learnt from, or why there is none.
struct Proposal {
  ProposalKind kind = ProposalKind::kThreshold;
  std::optional<Revision> revision;
  std::string reason;  // Why not, or what was found.
  std::uint64_t outcomes = 0;
  std::uint64_t cursors = 0;
  std::optional<TunedPolicy> tuned;
};

// Learns output policies from outcomes and pushes them as drafts. Thread-safe.
class Proposer {
 public:
  // Outcomes beyond the newest so many aren't looked at.
  static constexpr int kMostOutcomes = 200'000;

  Proposer(base::Transactor& transactor, OutcomeStore& outcomes,
           Library& library)
      : transactor_(transactor), outcomes_(outcomes), library_(library) {}

  // One proposal for each kind, in order. Errors are the library's and the
  // store's; InvalidArgument for no kinds or min_acceptance outside (0, 1).
  absl::StatusOr<std::vector<Proposal>> Propose(const ProposeRequest& request);

 private:
  absl::StatusOr<Proposal> ProposeOne(ProposalKind kind,
                                      const ProposeRequest& request,
                                      const Revision& base,
                                      const RevisionContent& content,
                                      const TuningData& data);

  base::Transactor& transactor_;
  OutcomeStore& outcomes_;
  Library& library_;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_PROPOSER_H_
