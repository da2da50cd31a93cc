#ifndef EVALLOOP_MODEL_SERVER_DOMAIN_EVIDENCE_H_
#define EVALLOOP_MODEL_SERVER_DOMAIN_EVIDENCE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/functional/function_ref.h"
#include "model_server/domain/file_matcher.h"
#include "model_server/domain/index_snapshot.h"
#include "model_server/domain/token_id.h"

namespace evalloop::model_server {

// How often something followed a context of one length: in the index (at its
// commit), and in the open file.
struct SlotTotals {
  float total = 0;
  float distinct = 0;
  float file_total = 0;
  float file_distinct = 0;
};

struct CandidateCount {
  float index = 0;
  float file = 0;
};

// The counts behind one prediction. Slots are indices into kOrders, shortest
// context first; those past `slots` were never seen.
struct Evidence {
  int slots = 0;
  std::array<SlotTotals, kOrderCount> totals;
  std::vector<TokenId> candidates;
  // Of candidate i at slot s: counts[s][i].
  std::array<std::vector<CandidateCount>, kOrderCount> counts;
};

// A context, as intervals of the three segments for each of its lengths and as
// matches in the open file.
class Context {
 public:
  Context() = default;

 private:
  friend class EvidenceReader;
  struct Lengths {
    std::array<Interval, kMaxOrder + 1> at;
    int longest = 0;  // Lengths beyond it were never seen.
  };
  Lengths base_;
  Lengths added_;
  Lengths removed_;
  FileMatcher::Matches file_;
};

// Bounds of the candidates: so many a context length, longest first, up to so
// many in all.
struct CandidateLimits {
  std::size_t per_order = 12;
  std::size_t all = 24;
};

// Reads evidence for one request. The snapshot and matcher outlive it. Not
// thread-safe.
class EvidenceReader {
 public:
  // `vocabulary_size` is larger than every token that can occur.
  EvidenceReader(const IndexSnapshot& snapshot, const FileMatcher& file,
                 std::uint32_t vocabulary_size);

  // The context of the last kMaxOrder of `tokens`.
  Context Start(std::span<const TokenId> tokens) const;
  Context Extend(const Context& context, TokenId token) const;

  // `also` are candidates in any case, first in the list. Others must pass
  // `allowed`.
  void Read(const Context& context, CandidateLimits limits,
            std::span<const TokenId> also,
            absl::FunctionRef<bool(TokenId)> allowed, Evidence& evidence);

  // Whether a blank stood before the context's last token where most of it was
  // seen, judged by the longest contexts first. `fallback` where it was never.
  bool BlankBeforeLast(const Context& context, bool fallback) const;

 private:
  struct Entry {
    TokenId token = 0;
    std::int32_t count = 0;
  };
  struct Slot {
    std::array<const HotContext*, 3> hot{};  // Of base, added, removed.
    std::vector<Entry> entries;              // Of those that are not hot.
  };

  void ReadSlot(const Context& context, int slot, SlotTotals& totals);
  std::int32_t HotCount(const Slot& slot, int depth, TokenId token) const;
  void Choose(int slot, std::size_t per_order, std::size_t all,
              absl::FunctionRef<bool(TokenId)> allowed, Evidence& evidence);
  void AddCandidate(TokenId token, Evidence& evidence);

  const IndexSnapshot& snapshot_;
  const FileMatcher& file_;
  std::array<Segment, 3> segments_;
  // Scratch, indexed by token; zero between calls.
  std::vector<std::int32_t> net_;
  std::vector<std::int32_t> file_count_;
  std::vector<std::uint32_t> candidate_at_;  // 1 + index; 0: none.
  std::vector<TokenId> touched_;
  std::vector<TokenId> file_touched_;
  std::array<Slot, kOrderCount> slots_;
  std::array<std::vector<TokenId>, kOrderCount> file_events_;
};

}  // namespace evalloop::model_server

#endif  // EVALLOOP_MODEL_SERVER_DOMAIN_EVIDENCE_H_
