#include "cli/benchmark_output.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "cli/terminal.h"

namespace evalloop::cli {
namespace {

using google::protobuf::util::TimeUtil;
using Rows = std::vector<std::vector<std::string>>;

// Of the code around the cursor so many lines are shown; --json has all.
constexpr std::size_t kShownLines = 12;
constexpr std::size_t kShownShares = 12;
constexpr std::size_t kShownText = 60;

std::string DateOf(const google::protobuf::Timestamp& time) {
  return TimeUtil::ToString(time).substr(0, 10);
}

std::string OneLine(std::string_view text) {
  std::string line(text.substr(0, kShownText));
  for (char& c : line) {
    if (c == '\n' || c == '\r' || c == '\t') c = ' ';
  }
  return text.size() > kShownText ? line + "..." : line;
}

std::vector<std::string_view> LinesOf(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

// `text` with a mark before each line; of long ones the lines next to the
// cursor.
std::string Marked(std::string_view text, std::string_view mark, bool at_end) {
  std::vector<std::string_view> lines = LinesOf(text);
  std::string out;
  const bool cut = lines.size() > kShownLines;
  if (cut && at_end) {
    out +=
        fmt::format("{}... {} lines more\n", mark, lines.size() - kShownLines);
    lines.erase(lines.begin(),
                lines.end() - static_cast<std::ptrdiff_t>(kShownLines));
  }
  const std::size_t shown = std::min(lines.size(), kShownLines);
  for (std::size_t i = 0; i < shown; ++i) {
    out += fmt::format("{}{}\n", mark, lines[i]);
  }
  if (cut && !at_end) {
    out +=
        fmt::format("{}... {} lines more\n", mark, lines.size() - kShownLines);
  }
  return out;
}

std::string Whole(std::string_view text, std::string_view mark) {
  std::string out;
  for (const std::string_view line : LinesOf(text)) {
    out += fmt::format("{}{}\n", mark, line);
  }
  return out.empty() ? fmt::format("{}(nothing)\n", mark) : out;
}

std::string TestsText(const v1::Benchmark& benchmark) {
  if (benchmark.tested() == 0) return "none";
  std::string text =
      fmt::format("{} items, {} checked, {} in quarantine", benchmark.tested(),
                  benchmark.checked(), benchmark.quarantined());
  if (benchmark.has_mutation_score()) {
    text += fmt::format(", mutation score {:.2f}", benchmark.mutation_score());
  }
  return text;
}

std::string OracleText(const v1::Item& item) {
  const v1::OracleReport& oracle = item.oracle();
  if (!item.has_oracle()) return "not checked yet";
  if (!oracle.has_mutation_score()) return oracle.reason();
  return fmt::format("mutation score {:.2f}", oracle.mutation_score());
}

std::string_view NameOf(v1::Subset subset) {
  switch (subset) {
    case v1::SUBSET_SMOKE:
      return "smoke";
    case v1::SUBSET_HOLDOUT:
      return "holdout";
    default:
      return "full";
  }
}

// The shares of one dimension, the largest first.
std::string MixText(const v1::Benchmark& benchmark,
                    std::string_view dimension) {
  std::vector<std::string> parts;
  std::size_t more = 0;
  for (const v1::ShareOf& share : benchmark.mix()) {
    if (share.dimension() != dimension) continue;
    if (parts.size() == kShownShares) {
      ++more;
      continue;
    }
    parts.push_back(fmt::format("{} {}", share.name(), share.items()));
  }
  if (more > 0) parts.push_back(fmt::format("{} more", more));
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string WindowText(const v1::Benchmark& benchmark) {
  if (benchmark.until_commit().empty()) return "imported";
  return fmt::format("after {} until {}", benchmark.after_commit(),
                     benchmark.until_commit());
}

std::string CursorText(const v1::Item& item) {
  const v1::Location& at = item.location();
  std::string text = at.path();
  if (at.line() > 0) text += fmt::format(":{}", at.line());
  if (item.end_line() > at.line()) text += fmt::format("-{}", item.end_line());
  if (!item.symbol().empty()) text += fmt::format(" in {}", item.symbol());
  return text;
}

std::string AgreementText(const v1::Item& item) {
  if (item.variants_size() == 0) return "nobody else wrote it";
  const std::string of =
      item.has_agreement() ? fmt::format("{:.2f} over {} variants",
                                         item.agreement(), item.variants_size())
                           : fmt::format("{} variants", item.variants_size());
  return item.contested() ? of + ": contested, all of them are right" : of;
}

std::string StateText(const v1::Item& item) {
  std::vector<std::string> words;
  words.emplace_back(item.seen() ? "seen before" : "unseen");
  if (item.holdout()) words.emplace_back("holdout");
  if (item.archived()) words.emplace_back("archived: in no run");
  if (item.quarantined()) words.emplace_back("in quarantine");
  return fmt::format("{}", fmt::join(words, ", "));
}

std::string VariantsText(const v1::Item& item) {
  Rows rows = {{"", "by", "written", "weight", "level", "stood", "authorship",
                "centrality", "commit", "text"}};
  for (const v1::ItemVariant& variant : item.variants()) {
    const bool told = !variant.level().empty();
    rows.push_back(
        {!item.contested() && variant.text() == item.agreed() ? "*" : "",
         variant.author(),
         variant.has_author_time() ? DateOf(variant.author_time()) : "-",
         fmt::format("{:.3f}", variant.weight()), told ? variant.level() : "-",
         told ? fmt::format("{:.0f} days{}", variant.survival_days(),
                            variant.alive() ? ", still does" : "")
              : "-",
         told ? fmt::format("{:.2f}", variant.authorship()) : "-",
         told ? fmt::format("{:.2f}", variant.centrality()) : "-",
         variant.commit().substr(0, 12), OneLine(variant.text())});
  }
  return Table(rows);
}

}  // namespace

std::string BenchmarkText(const v1::Benchmark& benchmark) {
  Rows rows = {{"benchmark",
                fmt::format("{}@{}", benchmark.name(), benchmark.version())},
               {"repository", benchmark.repository()},
               {"commits", WindowText(benchmark)},
               {"items", fmt::format("{}", benchmark.items())},
               {"agreed", fmt::format("{}", benchmark.agreed())},
               {"contested", fmt::format("{}", benchmark.contested())},
               {"archived", fmt::format("{}", benchmark.archived())},
               {"digest", benchmark.digest()},
               {"changelog", benchmark.changelog()},
               {"built", TimeUtil::ToString(benchmark.create_time())},
               {"hidden tests", TestsText(benchmark)}};
  if (benchmark.rotated_from() > 0) {
    rows.push_back({"rotated from", fmt::format("{}@{}", benchmark.name(),
                                                benchmark.rotated_from())});
  }
  if (benchmark.has_oldest_item_time()) {
    rows.push_back(
        {"written",
         fmt::format("{} to {}", DateOf(benchmark.oldest_item_time()),
                     DateOf(benchmark.newest_item_time()))});
  }
  for (const v1::SubsetSize& subset : benchmark.subsets()) {
    rows.push_back({std::string(NameOf(subset.subset())),
                    fmt::format("{} items, {}", subset.items(),
                                subset.digest().substr(0, 16))});
  }
  for (const char* dimension : {"task", "class", "language", "seen", "tag"}) {
    const std::string mix = MixText(benchmark, dimension);
    if (!mix.empty()) rows.push_back({dimension, mix});
  }
  return Table(rows);
}

std::string BenchmarksText(const v1::ListBenchmarksResponse& list) {
  Rows rows = {{"benchmark", "items", "agreed", "contested", "archived",
                "repository", "built"}};
  for (const v1::Benchmark& benchmark : list.benchmarks()) {
    rows.push_back({fmt::format("{}@{}", benchmark.name(), benchmark.version()),
                    fmt::format("{}", benchmark.items()),
                    fmt::format("{}", benchmark.agreed()),
                    fmt::format("{}", benchmark.contested()),
                    fmt::format("{}", benchmark.archived()),
                    benchmark.repository(),
                    TimeUtil::ToString(benchmark.create_time())});
  }
  return Table(rows);
}

std::string ItemsText(const v1::ListItemsResponse& list) {
  Rows rows = {{"item", "task", "class", "at", "written", "variants",
                "agreement", "output"}};
  for (const v1::Item& item : list.items()) {
    rows.push_back(
        {item.item_id(), item.task(), item.class_(), CursorText(item),
         item.has_author_time() ? DateOf(item.author_time()) : "-",
         fmt::format("{}", item.variants_size()),
         item.contested()       ? "contested"
         : item.has_agreement() ? fmt::format("{:.2f}", item.agreement())
                                : "-",
         OneLine(item.agreed())});
  }
  return Table(rows);
}

std::string ItemText(const v1::Item& item) {
  Rows rows = {
      {"item", item.item_id()},
      {"task", fmt::format("{}, {}, {}", item.task(), item.class_(),
                           item.location().language())},
      {"at", CursorText(item)},
      {"repository", fmt::format("{} at {}", item.location().repository(),
                                 item.location().commit())}};
  if (item.has_author_time()) {
    rows.push_back(
        {"written", fmt::format("{} by {} in {}", DateOf(item.author_time()),
                                item.author(), item.commit())});
  }
  rows.push_back({"state", StateText(item)});
  rows.push_back({"tags", fmt::format("{}", fmt::join(item.tags(), ", "))});
  rows.push_back({"agreement", AgreementText(item)});
  if (!item.canary().empty()) rows.push_back({"canary", item.canary()});
  std::string text = Table(rows);
  if (!item.explanation().empty()) {
    text += fmt::format("\nwhy this output: {}\n", item.explanation());
  }
  text += "\nasked:\n" + Marked(item.prefix(), "  | ", /*at_end=*/true);
  if (!item.suffix().empty()) {
    text += "before:\n" + Marked(item.suffix(), "  | ", /*at_end=*/false);
  }
  text += "output:\n" + Whole(item.agreed(), "  + ");
  for (const std::string& question : item.criteria()) {
    text += fmt::format("asked of an answer: {}\n", question);
  }
  if (item.has_tests()) {
    text += fmt::format("hidden tests of {}: {}\n", item.tests().entry_point(),
                        OracleText(item));
  }
  if (item.variants_size() > 0) text += "\n" + VariantsText(item);
  return text;
}

std::string ValidityText(const v1::Validity& validity) {
  std::string text;
  if (validity.has_cutoff_time()) {
    text = fmt::format(
        "{} rows are of items younger than {}, where training "
        "data ends; {} older ones count nowhere",
        validity.valid_rows(), DateOf(validity.cutoff_time()),
        validity.older_rows());
  }
  if (validity.has_cutoff_time() && validity.undated_rows() > 0) {
    text += fmt::format("; {} without a date count", validity.undated_rows());
  }
  if (!validity.note().empty()) {
    text += (text.empty() ? "" : "\n") + validity.note();
  }
  return text;
}

}  // namespace evalloop::cli
