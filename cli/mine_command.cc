#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <thread>

#include "cli/commands.h"
#include "cli/mined_row.h"
#include "cli/names.h"
#include "code_analysis/history.h"
#include "platform/base/reason.h"
#include "platform/http/json.h"
#include "prompt_engine/domain/local_history.h"
#include "prompt_engine/domain/miner.h"

namespace evalloop::cli {
namespace {

// The repository's name: the last part of its path, without ".git". Where it
// lies on this machine is nobody's business, and would make other ids.
std::string NameOfRepository(const std::string& path) {
  std::filesystem::path place = std::filesystem::path(path).lexically_normal();
  while (place.has_parent_path() &&
         (place.filename().empty() || place.filename() == ".git")) {
    place = place.parent_path();
  }
  std::string name = place.filename().string();
  if (name.ends_with(".git")) name.resize(name.size() - 4);
  return name.empty() ? "repository" : name;
}

absl::StatusOr<std::optional<absl::Time>> DateOf(std::string_view field,
                                                 const std::string& text) {
  if (text.empty()) return std::nullopt;
  const auto date = ParseDate(text);
  if (!date.ok()) return base::WithField(date.status(), field);
  return *date;
}

absl::StatusOr<prompt_engine::MineRequest> RequestOf(const MineFlags& flags) {
  prompt_engine::MineRequest request;
  request.repository = NameOfRepository(flags.repository);
  request.max_items = flags.max_items;
  for (const std::string& name : flags.classes) {
    const auto item_class = prompt_engine::ParseItemClass(name);
    if (!item_class.ok()) return item_class.status();
    request.classes.push_back(*item_class);
  }
  for (const std::string& name : flags.tasks) {
    const auto task = prompt_engine::ParseTaskType(name);
    if (!task.ok()) return task.status();
    request.tasks.push_back(*task);
  }
  const auto since = DateOf("--since", flags.since);
  if (!since.ok()) return since.status();
  request.since = *since;
  return request;
}

// Lines that appear under their name all at once, or not at all.
class WholeFile {
 public:
  explicit WholeFile(const std::string& path)
      : path_(path), part_(path + ".part"), out_(part_, std::ios::binary) {}
  ~WholeFile() {
    if (!kept_) std::remove(part_.c_str());
  }

  void AddLine(std::string_view line) { out_ << line << '\n'; }

  absl::Status Keep() {
    out_.close();
    if (!out_ || std::rename(part_.c_str(), path_.c_str()) != 0) {
      return absl::UnavailableError(fmt::format(
          "{} can't be written; is there such a folder, and room in it?",
          path_));
    }
    kept_ = true;
    return absl::OkStatus();
  }

 private:
  const std::string path_;
  const std::string part_;
  std::ofstream out_;
  bool kept_ = false;
};

}  // namespace

Outcome Mine(Terminal& terminal, const MineFlags& flags) {
  const auto request = RequestOf(flags);
  if (!request.ok()) return request.status();
  const auto until = DateOf("--until", flags.until);
  if (!until.ok()) return until.status();
  if (request->since && *until && *request->since >= **until) {
    return base::FieldError("--since", "is not before --until", "swap them");
  }
  const auto git = code_analysis::Repository::Open(flags.repository);
  if (!git.ok()) return git.status();
  prompt_engine::LocalHistoryRequest local;
  local.path = flags.repository;
  local.until = *until;
  local.threads = std::clamp<int>(
      static_cast<int>(std::thread::hardware_concurrency()), 1, 8);
  local.on_progress = [&](std::uint32_t done, std::uint32_t total) {
    terminal.Progress("reading commits", done, total);
  };
  const auto history = prompt_engine::ReadLocalHistory(local);
  terminal.EndProgress();
  if (!history.ok()) return history.status();

  WholeFile out(flags.out);
  std::uint64_t items = 0;
  std::uint64_t agreed = 0;
  std::uint64_t contested = 0;
  prompt_engine::ItemSink sink;
  sink.on_item = [&](const prompt_engine::MinedItem& item) {
    out.AddLine(MinedRow(request->repository, item));
    ++items;
    if (item.contested) ++contested;
    if (item.agreement && !item.contested) ++agreed;
    return true;
  };
  sink.on_progress = [&](const prompt_engine::MineProgress& progress) {
    terminal.Progress("mining", progress.commits_done, progress.commits_total);
  };
  const auto status = prompt_engine::MineItems(*request, *git, *history, sink);
  terminal.EndProgress();
  if (!status.ok()) return status;
  if (auto kept = out.Keep(); !kept.ok()) return kept;
  terminal.Data(
      http::JsonText(boost::json::object{{"repository", request->repository},
                                         {"commits", history->commits().size()},
                                         {"items", items},
                                         {"with_agreement", agreed},
                                         {"contested", contested}}));
  return ExitCode::kPassed;
}

}  // namespace evalloop::cli
