#include "prompt_engine/domain/miner.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "platform/base/reason.h"
#include "prompt_engine/domain/change_items.h"
#include "prompt_engine/domain/commit_words.h"
#include "prompt_engine/domain/item_maker.h"
#include "prompt_engine/domain/item_tags.h"
#include "prompt_engine/domain/repository_tests.h"
#include "prompt_engine/domain/scan_commit.h"
#include "prompt_engine/domain/variant_groups.h"

namespace evalloop::prompt_engine {
namespace {

// A shorter line has no end that is worth asking for.
constexpr std::size_t kLeastTailLine = 12;

struct Kind {
  TaskType task = TaskType::kCompletion;
  ItemClass item_class = ItemClass::kLine;

  bool of_changes() const {
    return task == TaskType::kReview || task == TaskType::kSearch;
  }
};

std::vector<Kind> KindsOf(const MineRequest& request) {
  std::vector<TaskType> tasks = request.tasks;
  if (tasks.empty()) tasks = {TaskType::kCompletion};
  std::vector<ItemClass> classes = request.classes;
  if (classes.empty()) classes = {ItemClass::kLine};
  std::sort(tasks.begin(), tasks.end());
  tasks.erase(std::unique(tasks.begin(), tasks.end()), tasks.end());
  std::sort(classes.begin(), classes.end());
  classes.erase(std::unique(classes.begin(), classes.end()), classes.end());
  std::vector<Kind> kinds;
  for (const TaskType task : tasks) {
    if (task == TaskType::kCompletion) {
      for (const ItemClass item_class : classes) {
        kinds.push_back({task, item_class});
      }
    } else {
      kinds.push_back({task, task == TaskType::kReview ? ItemClass::kBlock
                                                       : ItemClass::kBody});
    }
  }
  return kinds;
}

bool IsOfKind(const WrittenCode& code, const Kind& kind,
              const WrittenHistory& history) {
  if (!code.own || !code.counted) return false;
  if (kind.task == TaskType::kGeneration) {
    // What a test should try is not in its head.
    return code.item_class == ItemClass::kBody && code.documented &&
           !IsTestPath(history.PathOf(code.path));
  }
  if (kind.item_class == ItemClass::kLine ||
      kind.item_class == ItemClass::kTail) {
    return code.item_class == ItemClass::kLine &&
           (kind.item_class == ItemClass::kLine ||
            code.text.size() >= kLeastTailLine) &&
           IsInformative(code.text, code.language);
  }
  return code.item_class == kind.item_class;
}

absl::StatusOr<std::size_t> IndexOf(std::span<const CommitHeader> commits,
                                    std::string_view sha) {
  for (std::size_t i = 0; i < commits.size(); ++i) {
    if (commits[i].sha == sha) return i;
  }
  return base::WithReason(
      absl::NotFoundError(fmt::format("commit {} was not ingested", sha)),
      "COMMIT_NOT_FOUND");
}

absl::StatusOr<std::span<const CommitHeader>> WindowOf(
    const MineRequest& request, std::span<const CommitHeader> commits) {
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
  return commits.subspan(begin, end - begin);
}

// `count` of the commit's code of a kind, evenly spread; `shift` keeps two
// kinds from taking the same lines.
std::vector<const WrittenCode*> Choose(std::span<const WrittenCode> of_commit,
                                       const Kind& kind,
                                       const WrittenHistory& history,
                                       std::uint32_t count, std::size_t shift) {
  std::vector<const WrittenCode*> all;
  for (const WrittenCode& code : of_commit) {
    if (IsOfKind(code, kind, history)) all.push_back(&code);
  }
  const std::uint64_t wanted = std::min<std::uint64_t>(count, all.size());
  std::vector<const WrittenCode*> chosen;
  for (std::uint64_t i = 0; i < wanted; ++i) {
    chosen.push_back(
        all[((2 * i + 1) * all.size() / (2 * wanted) + shift) % all.size()]);
  }
  std::sort(chosen.begin(), chosen.end());  // By place: one array holds all.
  return chosen;
}

class WindowMiner {
 public:
  WindowMiner(const MineRequest& request, const code_analysis::Repository& git,
              const WrittenHistory& history,
              std::span<const CommitHeader> window, const ItemSink& sink)
      : request_(request),
        git_(git),
        history_(history),
        window_(window),
        sink_(sink),
        kinds_(KindsOf(request)),
        groups_(history) {}

  absl::Status Run() {
    if (auto status = Plan(); !status.ok()) return status;
    for (std::size_t i = 0; i < window_.size() && !stopped_; ++i) {
      if (auto status = MineCommit(i); !status.ok()) return status;
      if (sink_.on_progress) {
        sink_.on_progress({static_cast<std::uint32_t>(i + 1),
                           static_cast<std::uint32_t>(window_.size())});
      }
    }
    return absl::OkStatus();
  }

 private:
  // What each commit has and gives, kind by kind. What the scarce kinds can't
  // give, the others may.
  absl::Status Plan() {
    std::vector<std::vector<std::uint32_t>> has(kinds_.size());
    for (const CommitHeader& commit : window_) {
      auto counts = CountsOf(commit);
      if (!counts.ok()) return counts.status();
      for (std::size_t k = 0; k < kinds_.size(); ++k) {
        has[k].push_back((*counts)[k]);
      }
    }
    std::vector<std::pair<std::uint64_t, std::size_t>> by_total;
    for (std::size_t k = 0; k < kinds_.size(); ++k) {
      std::uint64_t total = 0;
      for (const std::uint32_t count : has[k]) total += count;
      by_total.emplace_back(total, k);
    }
    std::sort(by_total.begin(), by_total.end());
    quotas_.resize(kinds_.size());
    std::uint64_t left = request_.max_items;
    for (std::size_t i = 0; i < by_total.size(); ++i) {
      const auto [total, k] = by_total[i];
      const std::uint64_t share = left / (by_total.size() - i);
      if (request_.max_items == 0) {
        quotas_[k] = has[k];
      } else if (share == 0) {
        quotas_[k].assign(has[k].size(), 0);
      } else {
        quotas_[k] = Quotas(has[k], static_cast<std::uint32_t>(share));
      }
      left -= std::min(total, share);
    }
    return absl::OkStatus();
  }

  bool GivesItems(const CommitHeader& commit) const {
    // A root has no parent at which an index could stand.
    return !commit.parent.empty() && commit.kind == CommitKind::kOwn &&
           (!request_.since || commit.commit_time >= *request_.since);
  }

  absl::StatusOr<std::vector<std::uint32_t>> CountsOf(
      const CommitHeader& commit) {
    std::vector<std::uint32_t> counts(kinds_.size(), 0);
    if (!GivesItems(commit)) return counts;
    std::optional<std::string> message;
    for (std::size_t k = 0; k < kinds_.size(); ++k) {
      if (!kinds_[k].of_changes()) {
        for (const WrittenCode& code : history_.Of(commit.position)) {
          if (IsOfKind(code, kinds_[k], history_)) ++counts[k];
        }
        continue;
      }
      if (!message) {
        auto read = MessageOf(commit);
        if (!read.ok()) return read.status();
        message = *std::move(read);
      }
      const std::string_view subject =
          std::string_view(*message).substr(0, message->find('\n'));
      counts[k] = kinds_[k].task == TaskType::kReview ? SaysFix(subject)
                                                      : SaysWhat(subject);
    }
    return counts;
  }

  absl::StatusOr<std::string> MessageOf(const CommitHeader& commit) const {
    const auto info = git_.Commit(commit.sha);
    if (!info.ok()) return info.status();
    const auto writer = WriterOf(git_, *info);
    if (!writer.ok()) return writer.status();
    return writer->message;
  }

  absl::Status MineCommit(std::size_t i) {
    const CommitHeader& commit = window_[i];
    std::uint32_t of_code = 0;
    std::uint32_t of_changes = 0;
    for (std::size_t k = 0; k < kinds_.size(); ++k) {
      (kinds_[k].of_changes() ? of_changes : of_code) += quotas_[k][i];
    }
    if (of_code + of_changes == 0) return absl::OkStatus();
    const auto changes = git_.Changes(commit.sha, InKnownLanguage);
    if (!changes.ok()) return changes.status();
    CommitCode code;
    if (of_code > 0) code.runs = replay::AddedRuns(*changes, {});
    std::string message;
    if (of_changes > 0) {
      auto read = MessageOf(commit);
      if (!read.ok()) return read.status();
      message = *std::move(read);
    }
    ItemMaker maker(request_, history_, groups_, commit, code);
    RepositoryTests tests(git_, commit.sha);
    for (std::size_t k = 0; k < kinds_.size() && !stopped_; ++k) {
      if (quotas_[k][i] == 0) continue;
      const Kind& kind = kinds_[k];
      if (kind.task == TaskType::kReview) {
        Give(ReviewItem(request_, commit, message, *changes));
      } else if (kind.task == TaskType::kSearch) {
        Give(SearchItem(request_, commit, message, *changes));
      } else {
        for (const WrittenCode* chosen :
             Choose(history_.Of(commit.position), kind, history_, quotas_[k][i],
                    k)) {
          auto item = maker.Make(*chosen, kind.task, kind.item_class);
          if (item) tests.AddTo(*item);
          Give(std::move(item));
        }
      }
    }
    return absl::OkStatus();
  }

  void Give(std::optional<MinedItem> item) {
    if (item && !stopped_ && !sink_.on_item(*std::move(item))) stopped_ = true;
  }

  const MineRequest& request_;
  const code_analysis::Repository& git_;
  const WrittenHistory& history_;
  const std::span<const CommitHeader> window_;
  const ItemSink& sink_;
  const std::vector<Kind> kinds_;
  VariantGroups groups_;
  std::vector<std::vector<std::uint32_t>> quotas_;  // By kind, then commit.
  bool stopped_ = false;
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

absl::Status AddWhatStoodBefore(const code_analysis::Repository& git,
                                const CommitHeader& first,
                                WrittenHistory& history) {
  if (first.parent.empty()) return absl::OkStatus();
  return git
      .ReadTree(
          first.parent,
          [&](const code_analysis::TreeFile& file) {
            if (file.generated_or_vendored || !file.valid_utf8) return true;
            const auto language = code_analysis::LanguageOfPath(file.path);
            std::string_view rest = file.text;
            while (!rest.empty()) {
              const std::string_view line = rest.substr(0, rest.find('\n'));
              history.AddBefore(TokenKey(line, language));
              rest.remove_prefix(std::min(line.size() + 1, rest.size()));
            }
            return true;
          },
          InKnownLanguage)
      .status();
}

absl::Status MineItems(const MineRequest& request,
                       const code_analysis::Repository& git,
                       const WrittenHistory& history, const ItemSink& sink) {
  const auto window = WindowOf(request, history.commits());
  if (!window.ok()) return window.status();
  return WindowMiner(request, git, history, *window, sink).Run();
}

}  // namespace evalloop::prompt_engine
