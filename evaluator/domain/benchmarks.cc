#include "evaluator/domain/benchmarks.h"

#include <algorithm>
#include <set>
#include <span>
#include <utility>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "platform/base/crypto.h"
#include "platform/base/reason.h"

namespace evalloop::evaluator {
namespace {

constexpr std::size_t kMostItems = 10'000;
constexpr std::size_t kMostItemBytes = std::size_t{1} << 20;
constexpr std::size_t kMostCriteria = 16;  // As a judge takes.
constexpr std::size_t kMostQuestionBytes = 1'000;
constexpr std::size_t kPortion = 200;

absl::Status CheckText(const std::string& field, std::string_view text) {
  if (text.size() > kMostItemBytes) {
    return base::FieldError(field, "is over 1 MiB", "shorten it");
  }
  if (text.find('\0') != std::string_view::npos) {
    return base::FieldError(field, "holds a NUL", "leave it out");
  }
  return absl::OkStatus();
}

absl::Status CheckCriteria(const Item& item, const std::string& field) {
  if (item.criteria.size() > kMostCriteria) {
    return base::FieldError(
        field, fmt::format("{} of them", item.criteria.size()),
        fmt::format("ask at most {} questions", kMostCriteria));
  }
  for (std::size_t i = 0; i < item.criteria.size(); ++i) {
    const std::string one = fmt::format("{}[{}]", field, i);
    const std::string& question = item.criteria[i];
    if (question.empty() || question.size() > kMostQuestionBytes) {
      return base::FieldError(
          one, question.empty() ? "is empty" : "is too long",
          fmt::format("ask a yes or no question of at most {} bytes",
                      kMostQuestionBytes));
    }
    if (auto checked = CheckText(one, question); !checked.ok()) return checked;
  }
  return absl::OkStatus();
}

bool IsOneOf(std::string_view word, std::span<const std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

absl::Status CheckItem(const Item& item, const std::string& field) {
  if (!IsOneOf(item.task, task::kAll)) {
    return base::FieldError(field + ".task",
                            fmt::format("\"{}\" is none", item.task),
                            fmt::format("use {}", fmt::join(task::kAll, ", ")));
  }
  for (const auto& [name, text] :
       {std::pair<std::string_view, std::string_view>("item_id", item.id),
        {"prefix", item.prefix},
        {"suffix", item.suffix},
        {"agreed", item.agreed},
        {"tests.program", item.tests.program},
        {"tests.entry_point", item.tests.entry_point}}) {
    if (auto checked = CheckText(fmt::format("{}.{}", field, name), text);
        !checked.ok()) {
      return checked;
    }
  }
  if (auto checked = CheckCriteria(item, field + ".criteria"); !checked.ok()) {
    return checked;
  }
  for (std::size_t i = 0; i < item.variants.size(); ++i) {
    if (auto checked = CheckText(fmt::format("{}.variants[{}].text", field, i),
                                 item.variants[i].text);
        !checked.ok()) {
      return checked;
    }
  }
  if (item.id.empty()) {
    return base::FieldError(field + ".item_id", "is empty",
                            "give each item a name of its own");
  }
  if (item.prefix.empty()) {
    return base::FieldError(field + ".prefix", "is empty",
                            "give the code before the cursor");
  }
  // Where something stands is asked of a whole repository.
  if (item.language.empty() && item.task != task::kSearch) {
    return base::FieldError(field + ".location.language", "is empty",
                            "name it, e.g. python");
  }
  if (item.agreed.empty() && item.tests.program.empty() &&
      item.criteria.empty()) {
    return base::FieldError(
        field + ".agreed", "is empty, and so are tests and criteria",
        "give a solution, tests or criteria, or several of them");
  }
  if (!item.tests.program.empty() && item.tests.entry_point.empty()) {
    return base::FieldError(field + ".tests.entry_point", "is empty",
                            "name the function under test");
  }
  return absl::OkStatus();
}

absl::Status CheckItems(std::span<const Item> items) {
  if (items.empty() || items.size() > kMostItems) {
    return base::FieldError("items", fmt::format("{} of them", items.size()),
                            fmt::format("give 1 to {}", kMostItems));
  }
  std::set<std::string_view> ids;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string field = fmt::format("items[{}]", i);
    if (auto checked = CheckItem(items[i], field); !checked.ok()) {
      return checked;
    }
    if (!ids.insert(items[i].id).second) {
      return base::FieldError(field + ".item_id", "is not unique",
                              "give each item a name of its own");
    }
  }
  return absl::OkStatus();
}

// Dates decide for which models an item counts. Those of mined items are in
// their ids already; items without any leave the digest as it is.
std::string WithDates(const std::string& digest, std::span<const Item> items) {
  std::string dates;
  for (const Item& item : items) {
    if (!item.Dated()) continue;
    dates +=
        fmt::format("{} {}\n", item.id, absl::ToUnixMicros(item.author_time));
  }
  return dates.empty() ? digest : base::Sha256Hex(digest + "\n" + dates);
}

}  // namespace

absl::StatusOr<Benchmark> Benchmarks::Import(std::string_view name,
                                             std::vector<Item> items,
                                             std::string_view changelog) {
  if (auto valid = CheckBenchmarkName(name); !valid.ok()) return valid;
  if (auto valid = CheckItems(items); !valid.ok()) return valid;
  for (Item& item : items) {
    // Rows of one commit are not independent; these are.
    if (item.commit.empty()) item.commit = item.id;
    item.id = base::Sha256Hex(fmt::format("import\n{}\n{}", name, item.id))
                  .substr(0, 24);
    item.committed = item.agreed;
  }
  Benchmark benchmark = Describe(name, items);
  benchmark.digest = WithDates(benchmark.digest, items);
  benchmark.changelog = changelog;
  std::set<std::string> tasks;
  for (const Item& item : items) tasks.insert(item.task);
  benchmark.tasks.assign(tasks.begin(), tasks.end());
  return Store(benchmark, items, {});
}

absl::StatusOr<Benchmark> Benchmarks::Store(
    const Benchmark& benchmark, std::span<const Item> items,
    std::span<const std::string> archived) {
  const auto stored = store_.Add(benchmark, items, archived);
  if (!stored.ok() || stored->tested == 0) return stored;
  if (auto asked = AskForOracles(*stored); !asked.ok()) return asked;
  return store_.Get(stored->name, stored->version);
}

absl::Status Benchmarks::AskForOracles(const Benchmark& benchmark) {
  return transactor_.Run([&](base::UnitOfWork& work) -> absl::Status {
    Page page{.size = kPortion, .after = ""};
    while (true) {
      auto items = store_.ListItems(benchmark.name, benchmark.version, page);
      if (!items.ok()) return items.status();
      if (items->empty()) return absl::OkStatus();
      page.after = items->back().id;
      std::vector<Item> wanted;
      for (Item& item : *items) {
        if (item.tests.program.empty() ||
            (item.oracle.has_value() && item.oracle->Known())) {
          continue;
        }
        if (!item.agreed.empty()) {
          wanted.push_back(std::move(item));
          continue;
        }
        Oracle oracle;
        oracle.reason = "no_solution";
        if (auto done = store_.RecordOracle(work, benchmark.name,
                                            benchmark.version, item.id, oracle);
            !done.ok()) {
          return done;
        }
      }
      if (auto asked = events_.AskForOracles(work, benchmark, wanted);
          !asked.ok()) {
        return asked;
      }
    }
  });
}

}  // namespace evalloop::evaluator
