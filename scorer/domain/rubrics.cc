#include "scorer/domain/rubrics.h"

#include <utility>

#include "platform/base/reason.h"

namespace evalloop::scorer {
namespace {

// More than anybody compares at once; beyond it all are read anew.
constexpr std::size_t kMaxKnown = 256;

// Lives as long as the process.
ScorerPtr BuiltIn() { return {ScorerPtr(), &Scorer::BuiltIn()}; }

bool IsBuiltIn(std::string_view name) { return name == DefaultRubric().name; }

}  // namespace

Rubrics::Rubrics(RubricStore& store, base::Transactor& transactor)
    : store_(store), transactor_(transactor), now_(BuiltIn()) {}

ScorerPtr Rubrics::InForce() const {
  std::lock_guard lock(mu_);
  return now_;
}

absl::Status Rubrics::Refresh() {
  std::lock_guard moving(moving_);
  const auto ref = store_.InForce();
  if (!ref.ok()) return ref.status();
  auto scorer = Find(*ref, nullptr);
  if (!scorer.ok()) return scorer.status();
  std::lock_guard lock(mu_);
  now_ = *std::move(scorer);
  return absl::OkStatus();
}

absl::StatusOr<ScorersInForce> Rubrics::InForce(base::UnitOfWork& work,
                                                const RubricsAsked& runs) {
  const auto refs = store_.InForce(work, runs);
  if (!refs.ok()) return refs.status();
  ScorersInForce scorers;
  auto now = Find(refs->now, &work);
  if (!now.ok()) return now.status();
  scorers.now = *std::move(now);
  for (const auto& [run, ref] : refs->runs) {
    auto scorer = Find(ref, &work);
    if (!scorer.ok()) return scorer.status();
    scorers.runs.emplace(run, *std::move(scorer));
  }
  return scorers;
}

absl::StatusOr<ScorerPtr> Rubrics::Push(const Rubric& rubric) {
  if (auto status = CheckRubric(rubric); !status.ok()) return status;
  if (IsBuiltIn(rubric.name)) {
    return base::FieldError("name", "\"default\" is the built-in rubric's",
                            "give yours a name of its own");
  }
  std::lock_guard moving(moving_);
  absl::StatusOr<Rubric> stored = absl::UnknownError("not run");
  const auto done = transactor_.Run([&](base::UnitOfWork& work) {
    stored = store_.Push(work, rubric);
    return stored.status();
  });
  if (!done.ok()) return done;
  ScorerPtr scorer = Keep(*std::move(stored));
  std::lock_guard lock(mu_);
  now_ = scorer;
  return scorer;
}

absl::StatusOr<ScorerPtr> Rubrics::Use(const RubricRef& rubric) {
  RubricRef wanted = rubric;
  if (IsBuiltIn(wanted.name)) {
    if (wanted.version == 0) wanted.version = DefaultRubric().version;
    if (wanted.version != DefaultRubric().version) {
      return base::WithReason(
          absl::NotFoundError("no such version of the built-in rubric"),
          "RUBRIC_NOT_FOUND");
    }
  }
  std::lock_guard moving(moving_);
  absl::StatusOr<RubricRef> used = absl::UnknownError("not run");
  const auto done = transactor_.Run([&](base::UnitOfWork& work) {
    used = store_.Use(work, wanted);
    return used.status();
  });
  if (!done.ok()) return done;
  auto scorer = Find(*used, nullptr);
  if (!scorer.ok()) return scorer.status();
  std::lock_guard lock(mu_);
  now_ = *scorer;
  return scorer;
}

absl::StatusOr<ScorerPtr> Rubrics::Find(const RubricRef& ref,
                                        base::UnitOfWork* work) {
  // A built-in rubric of an older release is gone; today's takes its place.
  if (IsBuiltIn(ref.name)) return BuiltIn();
  {
    std::lock_guard lock(mu_);
    if (const auto at = known_.find(ref); at != known_.end()) return at->second;
  }
  auto rubric = work != nullptr ? store_.Get(*work, ref) : store_.Get(ref);
  if (!rubric.ok()) return rubric.status();
  return Keep(*std::move(rubric));
}

ScorerPtr Rubrics::Keep(Rubric rubric) {
  const RubricRef ref{rubric.name, rubric.version};
  auto scorer = std::make_shared<const Scorer>(std::move(rubric));
  std::lock_guard lock(mu_);
  if (known_.size() >= kMaxKnown) known_.clear();
  return known_.try_emplace(ref, std::move(scorer)).first->second;
}

}  // namespace evalloop::scorer
