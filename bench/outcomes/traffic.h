#ifndef EVALLOOP_BENCH_OUTCOMES_TRAFFIC_H_
#define EVALLOOP_BENCH_OUTCOMES_TRAFFIC_H_

#include <cstdint>
#include <string>
#include <vector>

#include "code_analysis/history.h"
#include "platform/base/statistics.h"
#include "prompt_engine/domain/outcome.h"
#include "prompt_engine/domain/watch.h"

// Completions of which it is known what became of them: lines of a real commit,
// offered while somebody typed it.
namespace evalloop::bench {

// What was suggested.
enum class Offer { kRight, kChanged, kOther };
// What happened between typing and committing.
enum class Later { kAsTyped, kReindented, kRequoted, kSplit, kJoined, kMoved };
// How far the working tree was when it was offered.
enum class Typed { kTopDown, kBottomUp, kAnyOrder };

std::string_view NameOf(Offer offer);
std::string_view NameOf(Later later);
std::string_view NameOf(Typed typed);

struct Truth {
  prompt_engine::CommittedKind kind = prompt_engine::CommittedKind::kDropped;
  std::string path;
  std::uint32_t line = 0;
};

struct Case {
  Offer offer = Offer::kRight;
  Later later = Later::kAsTyped;
  Typed typed = Typed::kTopDown;
  prompt_engine::Outcome outcome;  // Without repository and commit.
  Truth truth;
  // The commit as it was made of the real one by what happened later.
  code_analysis::CommitChanges changes;
};

// A line of `changes` and what becomes of it, drawn by `random`; nothing where
// the draw does not fit the line. The line stands in the coordinates of the
// tree before the commit and what was typed by then.
std::vector<Case> CaseOf(const code_analysis::CommitChanges& changes,
                         base::Random& random);

}  // namespace evalloop::bench

#endif  // EVALLOOP_BENCH_OUTCOMES_TRAFFIC_H_
