#ifndef EVALLOOP_SCORER_TESTING_FAKE_RUBRIC_STORE_H_
#define EVALLOOP_SCORER_TESTING_FAKE_RUBRIC_STORE_H_

#include <algorithm>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "platform/base/reason.h"
#include "platform/testing/fake_transactor.h"
#include "scorer/domain/rubric_store.h"
#include "scorer/domain/scorer.h"

namespace evalloop::scorer {

// RubricStore in memory. Effects happen at once, rolled back or not.
// Thread-safe.
class FakeRubricStore final : public RubricStore {
 public:
  absl::StatusOr<Rubric> Push(base::UnitOfWork&,
                              const Rubric& rubric) override {
    std::lock_guard lock(mu_);
    std::uint32_t last = 0;
    for (const Rubric& one : rubrics_) {
      if (one.name != rubric.name) continue;
      last = std::max(last, one.version);
      if (TermsDigest(one) == TermsDigest(rubric)) {
        now_ = {one.name, one.version};
        return one;
      }
    }
    Rubric& stored = rubrics_.emplace_back(rubric);
    stored.version = last + 1;
    stored.create_time =
        absl::FromUnixSeconds(1'700'000'000) + absl::Seconds(rubrics_.size());
    now_ = {stored.name, stored.version};
    return stored;
  }

  absl::StatusOr<RubricRef> Use(base::UnitOfWork&,
                                const RubricRef& rubric) override {
    std::lock_guard lock(mu_);
    RubricRef found;
    if (rubric.name == DefaultRubric().name) found = rubric;
    for (const Rubric& one : rubrics_) {
      if (one.name == rubric.name && one.version >= found.version &&
          (rubric.version == 0 || one.version == rubric.version)) {
        found = {one.name, one.version};
      }
    }
    if (found.name.empty()) return NoSuchRubric();
    return now_ = found;
  }

  absl::StatusOr<RubricsInForce> InForce(base::UnitOfWork&,
                                         const RubricsAsked& runs) override {
    std::lock_guard lock(mu_);
    RubricsInForce out{now_, {}};
    for (const auto& [run, asked] : runs) {
      RubricRef wanted = asked.name.empty() ? now_ : RubricRef();
      if (asked.name == DefaultRubric().name) {
        wanted = {DefaultRubric().name, DefaultRubric().version};
      }
      for (const Rubric& one : rubrics_) {
        if (one.name == asked.name && one.version >= wanted.version &&
            (asked.version == 0 || one.version == asked.version)) {
          wanted = {one.name, one.version};
        }
      }
      if (wanted.name.empty()) continue;
      out.runs.emplace(run, pins_.try_emplace(run, wanted).first->second);
    }
    return out;
  }

  absl::StatusOr<RubricRef> InForce() override {
    std::lock_guard lock(mu_);
    return now_;
  }

  absl::StatusOr<Rubric> Get(const RubricRef& rubric) override {
    std::lock_guard lock(mu_);
    for (const Rubric& one : rubrics_) {
      if (RubricRef{one.name, one.version} == rubric) return one;
    }
    return NoSuchRubric();
  }

  absl::StatusOr<Rubric> Get(base::UnitOfWork&,
                             const RubricRef& rubric) override {
    return Get(rubric);
  }

  absl::StatusOr<std::vector<Rubric>> List(const RubricRef& after,
                                           std::size_t limit) override {
    std::lock_guard lock(mu_);
    std::vector<Rubric> list;
    bool begun = after.name.empty();
    for (auto at = rubrics_.rbegin(); at != rubrics_.rend(); ++at) {
      if (begun && list.size() < limit) list.push_back(*at);
      begun = begun || RubricRef{at->name, at->version} == after;
    }
    return list;
  }

 private:
  static absl::Status NoSuchRubric() {
    return base::WithReason(absl::NotFoundError("no such rubric"),
                            "RUBRIC_NOT_FOUND");
  }

  std::mutex mu_;
  std::vector<Rubric> rubrics_;  // In the order of pushes.
  RubricRef now_{DefaultRubric().name, DefaultRubric().version};
  std::map<std::string, RubricRef> pins_;
};

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_TESTING_FAKE_RUBRIC_STORE_H_
