// How benchmarks come from commits, and go on with them.
#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>
#include <utility>

#include "evaluator/domain/benchmarks.h"
#include "evaluator/domain/strata.h"
#include "fmt/format.h"
#include "fmt/ranges.h"
#include "platform/base/reason.h"

namespace evalloop::evaluator {
namespace {

constexpr std::uint32_t kDefaultItems = 1'000;
constexpr std::uint32_t kMostItems = 100'000;
constexpr double kMostHoldout = 0.5;
constexpr double kUsualShare = 0.2;
constexpr std::size_t kPortion = 1'000;

absl::Status CheckWords(std::string_view field,
                        std::span<const std::string> words,
                        std::span<const std::string_view> known) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (std::find(known.begin(), known.end(), words[i]) != known.end()) {
      continue;
    }
    return base::FieldError(fmt::format("{}[{}]", field, i),
                            fmt::format("\"{}\" is none", words[i]),
                            fmt::format("use {}", fmt::join(known, ", ")));
  }
  return absl::OkStatus();
}

absl::Status CheckBuild(const BuildRequest& request) {
  if (auto valid = CheckBenchmarkName(request.name); !valid.ok()) return valid;
  if (request.repository.empty()) {
    return base::FieldError("repository", "is empty", "it is required");
  }
  if (request.max_items > kMostItems) {
    return base::FieldError("max_items", "is over 100000",
                            "use 1 to 100000; 0 means 1000");
  }
  if (!(request.holdout_share >= 0 && request.holdout_share <= kMostHoldout)) {
    return base::FieldError("holdout_share",
                            fmt::format("{}", request.holdout_share),
                            "use a share from 0 to 0.5");
  }
  if (auto valid = CheckWords("classes", request.classes, kItemClasses);
      !valid.ok()) {
    return valid;
  }
  return CheckWords("tasks", request.tasks, task::kAll);
}

void HoldOut(std::span<Item> items, double share) {
  const std::set<std::string> held = ChooseHoldout(items, share);
  for (Item& item : items) item.holdout = held.contains(item.id);
}

std::string DateOf(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d", time, absl::UTCTimeZone());
}

// Takes the `count` oldest out of `items`: by date, of one date in the
// benchmark's order.
std::vector<Item> TakeOldest(std::vector<Item>& items, std::size_t count) {
  std::vector<std::pair<absl::Time, std::size_t>> ages;
  for (std::size_t i = 0; i < items.size(); ++i) {
    ages.emplace_back(items[i].author_time, i);
  }
  std::sort(ages.begin(), ages.end());
  ages.resize(std::min(count, ages.size()));
  std::set<std::size_t> places;
  for (const auto& [time, place] : ages) places.insert(place);
  std::vector<Item> taken, kept;
  for (std::size_t i = 0; i < items.size(); ++i) {
    (places.contains(i) ? taken : kept).push_back(std::move(items[i]));
  }
  items = std::move(kept);
  return taken;
}

std::string Words(const Benchmark& before, std::span<const Item> archived,
                  std::span<const Item> fresh) {
  const auto youngest = std::max_element(archived.begin(), archived.end(),
                                         [](const Item& a, const Item& b) {
                                           return a.author_time < b.author_time;
                                         });
  return fmt::format(
      "rotated from version {}: {} items archived, up to {}; {} fresh ones of "
      "the commits after {}",
      before.version, archived.size(), DateOf(youngest->author_time),
      fresh.size(), before.until_commit.substr(0, 12));
}

}  // namespace

absl::StatusOr<Benchmark> Benchmarks::Build(const BuildRequest& request) {
  if (auto valid = CheckBuild(request); !valid.ok()) return valid;
  std::vector<Item> items;
  const absl::Status mined = library_.Mine(
      {.repository = request.repository,
       .after_commit = request.after_commit,
       .until_commit = request.until_commit,
       .max_items = request.max_items == 0 ? kDefaultItems : request.max_items,
       .classes = request.classes,
       .tasks = request.tasks},
      [&items](Item item) { items.push_back(std::move(item)); });
  if (!mined.ok()) return mined;
  if (items.empty()) {
    return base::WithReason(
        absl::FailedPreconditionError(
            "the commits of this window added nothing that counts; widen "
            "after_commit .. until_commit"),
        "NOTHING_MINED");
  }
  HoldOut(items, request.holdout_share);
  Benchmark benchmark = Describe(request.name, items);
  benchmark.repository = request.repository;
  benchmark.after_commit = request.after_commit.empty() ? items.front().parent
                                                        : request.after_commit;
  benchmark.until_commit =
      request.until_commit.empty() ? items.back().commit : request.until_commit;
  benchmark.changelog = request.changelog;
  benchmark.classes = request.classes;
  benchmark.tasks = request.tasks;
  benchmark.holdout_share = request.holdout_share;
  return Store(benchmark, items, {});
}

absl::StatusOr<std::vector<Item>> Benchmarks::AllItems(
    const Benchmark& benchmark) {
  std::vector<Item> all;
  Page page{.size = kPortion, .after = ""};
  while (true) {
    auto items = store_.ListItems(benchmark.name, benchmark.version, page);
    if (!items.ok()) return items.status();
    if (items->empty()) return all;
    page.after = items->back().id;
    std::move(items->begin(), items->end(), std::back_inserter(all));
  }
}

absl::StatusOr<Benchmark> Benchmarks::Rotate(const RotateRequest& request) {
  if (auto valid = CheckBenchmarkName(request.name); !valid.ok()) return valid;
  if (!(request.share >= 0 && request.share <= 1)) {
    return base::FieldError("share", fmt::format("{}", request.share),
                            "use a share over 0 and up to 1; 0 means 0.2");
  }
  const auto before = store_.Get(request.name, 0);
  if (!before.ok()) return before.status();
  if (before->repository.empty() || before->until_commit.empty()) {
    return base::WithReason(absl::FailedPreconditionError(fmt::format(
                                "{} was imported, so there are no later "
                                "commits to take fresh items "
                                "from; import its file again with other items",
                                request.name)),
                            "NOT_MINED");
  }
  auto kept = AllItems(*before);
  if (!kept.ok()) return kept.status();
  const double share = request.share == 0 ? kUsualShare : request.share;
  const auto wanted = static_cast<std::uint32_t>(std::max<std::int64_t>(
      1, std::llround(share * static_cast<double>(kept->size()))));

  std::set<std::string> known;
  for (const Item& item : *kept) known.insert(item.id);
  std::vector<Item> fresh;
  const absl::Status mined =
      library_.Mine({.repository = before->repository,
                     .after_commit = before->until_commit,
                     .until_commit = request.until_commit,
                     .max_items = wanted,
                     .classes = before->classes,
                     .tasks = before->tasks},
                    [&](Item item) {
                      if (!known.contains(item.id))
                        fresh.push_back(std::move(item));
                    });
  if (!mined.ok()) return mined;
  if (fresh.empty()) return before;
  HoldOut(fresh, before->holdout_share);

  const std::vector<Item> taken = TakeOldest(*kept, fresh.size());
  std::vector<std::string> archived;
  for (const Item& item : taken) archived.push_back(item.id);
  const std::string words = request.changelog.empty()
                                ? Words(*before, taken, fresh)
                                : request.changelog;
  const std::string until =
      request.until_commit.empty() ? fresh.back().commit : request.until_commit;
  std::vector<Item> items = *std::move(kept);
  std::move(fresh.begin(), fresh.end(), std::back_inserter(items));
  Benchmark benchmark = Describe(request.name, items);
  benchmark.repository = before->repository;
  // Where a model's index stands for runs: before every item that is left.
  benchmark.after_commit = items.front().parent;
  benchmark.until_commit = until;
  benchmark.changelog = words;
  benchmark.classes = before->classes;
  benchmark.tasks = before->tasks;
  benchmark.holdout_share = before->holdout_share;
  benchmark.rotated_from = before->version;
  return Store(benchmark, items, archived);
}

}  // namespace evalloop::evaluator
