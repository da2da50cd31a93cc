#include "prompt_engine/domain/miner.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "code_analysis/lexer.h"
#include "platform/base/crypto.h"
#include "platform/base/reason.h"
#include "prompt_engine/domain/scan_commit.h"

namespace evalloop::prompt_engine {
namespace {

constexpr int kMostPerContext = 50;
constexpr int kChanceSample = 400;

struct Range {
  std::span<const CommitHeader> commits;
  std::uint32_t until = 0;  // Position of the last one.
};

absl::StatusOr<std::size_t> IndexOf(std::span<const CommitHeader> commits,
                                    std::string_view sha) {
  for (std::size_t i = 0; i < commits.size(); ++i) {
    if (commits[i].sha == sha) return i;
  }
  return base::WithReason(
      absl::NotFoundError(fmt::format("commit {} was not ingested", sha)),
      "COMMIT_NOT_FOUND");
}

absl::StatusOr<Range> RangeOf(const MineRequest& request,
                              std::span<const CommitHeader> commits) {
  std::size_t begin = 0;
  std::size_t end = commits.size();
  if (!request.after_commit.empty()) {
    const auto after = IndexOf(commits, request.after_commit);
    if (!after.ok()) return after.status();
    begin = *after + 1;
  }
  if (!request.until_commit.empty()) {
    const auto until = IndexOf(commits, request.until_commit);
    if (!until.ok()) return until.status();
    end = *until + 1;
  }
  if (begin > end) {
    return base::FieldError("after_commit", "is later than until_commit",
                            "swap them");
  }
  Range range;
  range.commits = commits.subspan(begin, end - begin);
  if (!range.commits.empty()) range.until = range.commits.back().position;
  return range;
}

// What stood in the repository before a commit: its tree at the window's start,
// and every line added since.
class SeenLines {
 public:
  static absl::StatusOr<SeenLines> Make(const code_analysis::Repository& git,
                                        LineIndex& index, const Range& range) {
    SeenLines seen;
    const CommitHeader& first = range.commits.front();
    if (!first.parent.empty()) {
      const auto skipped = git.ReadTree(
          first.parent,
          [&](const code_analysis::TreeFile& file) {
            seen.AddFile(file);
            return true;
          },
          [](std::string_view path) {
            return code_analysis::LanguageOfPath(path) !=
                   code_analysis::Language::kUnknown;
          });
      if (!skipped.ok()) return skipped.status();
    }
    const auto places = index.FirstPlaces(first.position, range.until);
    if (!places.ok()) return places.status();
    seen.first_.insert(places->begin(), places->end());
    return seen;
  }

  bool Before(std::int64_t token_key, std::uint32_t position) const {
    if (tree_.count(token_key) != 0) return true;
    const auto found = first_.find(token_key);
    return found != first_.end() && found->second < position;
  }

 private:
  void AddFile(const code_analysis::TreeFile& file) {
    if (file.generated_or_vendored || !file.valid_utf8) return;
    const auto language = code_analysis::LanguageOfPath(file.path);
    std::string_view rest = file.text;
    while (!rest.empty()) {
      const std::string_view line = rest.substr(0, rest.find('\n'));
      tree_.insert(TokenKey(line, language));
      rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    }
  }

  std::unordered_set<std::int64_t> tree_;
  std::unordered_map<std::int64_t, std::uint32_t> first_;
};

// A counted line that becomes an item.
struct Chosen {
  const replay::AddedRun* run;
  const replay::AddedLine* line;
};

// `count` of the counted lines, evenly spread.
std::vector<Chosen> Choose(const std::vector<replay::AddedRun>& runs,
                           std::uint32_t count) {
  std::vector<Chosen> all;
  for (const replay::AddedRun& run : runs) {
    for (const replay::AddedLine& line : run.lines) {
      if (line.counted) all.push_back({&run, &line});
    }
  }
  const std::uint64_t wanted = std::min<std::uint64_t>(count, all.size());
  std::vector<Chosen> chosen;
  for (std::uint64_t i = 0; i < wanted; ++i) {
    chosen.push_back(all[(2 * i + 1) * all.size() / (2 * wanted)]);
  }
  return chosen;
}

MinedItem ItemOf(const MineRequest& request, const CommitHeader& commit,
                 const Chosen& chosen) {
  const auto& [run, line] = chosen;
  MinedItem item;
  item.commit = commit.sha;
  item.parent = commit.parent;
  item.path = run->path;
  item.language = code_analysis::NameOf(run->language);
  item.line = static_cast<std::uint32_t>(line->number);
  item.prefix = run->PrefixAt(line->token_starts.front());
  item.suffix = run->Suffix();
  item.committed = LineText(*run, *line);
  item.agreed = item.committed;
  item.author = commit.author;
  item.author_time = commit.author_time;
  item.item_id =
      base::Sha256Hex(fmt::format("{}\n{}\n{}\n{}", request.repository,
                                  item.commit, item.path, item.line))
          .substr(0, 24);
  return item;
}

// The committed text and what others wrote in its place, one per author and
// token sequence, the newest of each.
std::vector<Variant> VariantsOf(const MinedItem& item, std::int64_t token_key,
                                std::span<const WrittenLine* const> others,
                                code_analysis::Language language) {
  std::vector<Variant> variants = {
      {item.committed, item.author, item.commit, item.author_time, 0}};
  std::set<std::pair<std::string, std::int64_t>> there = {
      {item.author, token_key}};
  for (const WrittenLine* other : others) {
    if (other->commit == item.commit ||
        !there.emplace(other->author, other->token_key).second ||
        !AreVariants(item.committed, other->text, language)) {
      continue;
    }
    variants.push_back(
        {other->text, other->author, other->commit, other->author_time, 0});
  }
  return variants;
}

// One commit's items.
class CommitMiner {
 public:
  CommitMiner(const MineRequest& request, LineIndex& index, const Range& range,
              const SeenLines& seen, std::span<const std::string> sample)
      : request_(request),
        index_(index),
        range_(range),
        seen_(seen),
        sample_(sample) {}

  absl::StatusOr<std::vector<MinedItem>> Mine(const CommitHeader& commit,
                                              const CommitCode& code,
                                              std::uint32_t count) {
    const std::vector<Chosen> chosen = Choose(code.runs, count);
    std::vector<std::int64_t> contexts;
    for (const auto& [run, line] : chosen) {
      contexts.push_back(ContextKey(*run, *line));
    }
    const auto written =
        index_.SameContext(contexts, range_.until, kMostPerContext);
    if (!written.ok()) return written.status();
    std::map<std::int64_t, std::vector<const WrittenLine*>> by_context;
    for (const WrittenLine& line : *written) {
      by_context[line.context_key].push_back(&line);
    }
    std::vector<MinedItem> items;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      const auto language = chosen[i].run->language;
      MinedItem item = ItemOf(request_, commit, chosen[i]);
      const std::int64_t key = TokenKey(item.committed, language);
      item.seen = seen_.Before(key, commit.position);
      item.variants = VariantsOf(item, key, by_context[contexts[i]], language);
      const Agreement agreement =
          Agree(item.variants, range_.commits.back().commit_time,
                Chance(language), language);
      item.agreement = agreement.agreement;
      item.contested = agreement.contested;
      if (agreement.agreed) item.agreed = item.variants[*agreement.agreed].text;
      items.push_back(std::move(item));
    }
    return items;
  }

 private:
  double Chance(code_analysis::Language language) {
    const auto [found, added] = chance_.try_emplace(language, 0);
    if (added) found->second = ChanceSimilarity(sample_, language);
    return found->second;
  }

  const MineRequest& request_;
  LineIndex& index_;
  const Range& range_;
  const SeenLines& seen_;
  const std::span<const std::string> sample_;
  std::map<code_analysis::Language, double> chance_;
};

}  // namespace

std::vector<std::uint32_t> Quotas(std::span<const std::uint32_t> lines,
                                  std::uint32_t most) {
  std::vector<std::uint32_t> quotas(lines.begin(), lines.end());
  std::uint64_t total = 0;
  for (const std::uint32_t count : lines) total += count;
  if (most == 0 || total <= most) return quotas;
  // The largest bound that stays within `most`.
  std::vector<std::uint32_t> sorted(lines.begin(), lines.end());
  std::sort(sorted.begin(), sorted.end());
  std::uint64_t left = most;
  std::uint32_t bound = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const std::uint64_t share = left / (sorted.size() - i);
    if (sorted[i] > share) {
      bound = static_cast<std::uint32_t>(share);
      left -= share * (sorted.size() - i);
      break;
    }
    left -= sorted[i];
  }
  for (std::size_t i = quotas.size(); i-- > 0;) {
    if (quotas[i] <= bound) continue;
    quotas[i] = bound + (left > 0 ? 1 : 0);
    if (left > 0) --left;
  }
  return quotas;
}

absl::Status MineItems(const MineRequest& request,
                       const code_analysis::Repository& git, LineIndex& index,
                       const std::function<bool(MinedItem)>& on_item) {
  const auto commits = index.Commits();
  if (!commits.ok()) return commits.status();
  const auto range = RangeOf(request, *commits);
  if (!range.ok()) return range.status();
  if (range->commits.empty()) return absl::OkStatus();
  const auto seen = SeenLines::Make(git, index, *range);
  if (!seen.ok()) return seen.status();
  const auto sample = index.SampleTexts(range->until, kChanceSample);
  if (!sample.ok()) return sample.status();

  std::vector<std::uint32_t> lines;
  for (const CommitHeader& commit : range->commits) {
    // A root has no parent at which an index could stand.
    lines.push_back(commit.parent.empty() ? 0 : commit.counted_lines);
  }
  const std::vector<std::uint32_t> quotas = Quotas(lines, request.max_items);
  CommitMiner miner(request, index, *range, *seen, *sample);
  for (std::size_t i = 0; i < quotas.size(); ++i) {
    if (quotas[i] == 0) continue;
    const CommitHeader& commit = range->commits[i];
    const auto code = ReadCommit(git, commit.sha);
    if (!code.ok()) return code.status();
    auto items = miner.Mine(commit, *code, quotas[i]);
    if (!items.ok()) return items.status();
    for (MinedItem& item : *items) {
      if (!on_item(std::move(item))) return absl::OkStatus();
    }
  }
  return absl::OkStatus();
}

}  // namespace evalloop::prompt_engine
