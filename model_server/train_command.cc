#include "model_server/train_command.h"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <span>
#include <string_view>
#include <system_error>

#include "code_analysis/history.h"
#include "fmt/format.h"
#include "model_server/domain/trainer.h"
#include "model_server/store/folder_artefact_store.h"

namespace evalloop::model_server {
namespace {

namespace json = boost::json;

constexpr int kMostFitCommits = 2000;

template <typename Values>
json::array ArrayOf(const Values& values) {
  json::array array;
  for (const auto value : values) array.emplace_back(value);
  return array;
}

void PrintLine(std::FILE* out, const json::object& line) {
  fmt::print(out, "{}\n", json::serialize(line));
  std::fflush(out);
}

json::object Report(const TrainResult& trained, const SavedArtefact& saved) {
  const Parameters& parameters = trained.fit.parameters;
  json::object fit = {
      {"events", trained.fit.events},
      {"held_out_events", trained.fit.held_out},
      {"default_loss", nullptr},
      {"held_out_loss", nullptr},
  };
  if (trained.fit.held_out > 0) {
    fit["default_loss"] = trained.fit.default_loss;
    fit["held_out_loss"] = trained.fit.held_out_loss;
  }
  return {{"digest", saved.digest},
          {"model", "ngram-" + saved.digest.substr(0, 12)},
          {"repository", trained.base->repository},
          {"commit", trained.base->commit},
          {"files", trained.files},
          {"tokens", trained.tokens},
          {"vocabulary", trained.base->vocabulary.size()},
          {"bytes", saved.bytes},
          {"parameters",
           json::object{{"orders", ArrayOf(kOrders)},
                        {"discount", ArrayOf(parameters.discount)},
                        {"file_weight", ArrayOf(parameters.file_weight)}}},
          {"fit", std::move(fit)}};
}

}  // namespace

absl::StatusOr<TrainFlags> ReadTrainFlags(int count, const char* const* flags) {
  TrainFlags read;
  const std::span<const char* const> words(flags,
                                           static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < words.size(); i += 2) {
    const std::string_view name = words[i];
    if (i + 1 == words.size()) {
      return absl::InvalidArgumentError(fmt::format("{} needs a value", name));
    }
    const std::string_view value = words[i + 1];
    if (name == "--repo") {
      read.repository = value;
    } else if (name == "--commit") {
      read.commit = value;
    } else if (name == "--out") {
      read.out = value;
    } else if (name == "--fit-commits") {
      const auto end = value.data() + value.size();
      const auto parsed = std::from_chars(value.data(), end, read.fit_commits);
      if (parsed.ec != std::errc() || parsed.ptr != end ||
          read.fit_commits < 0 || read.fit_commits > kMostFitCommits) {
        return absl::InvalidArgumentError(fmt::format(
            "--fit-commits: a number from 0 to {}", kMostFitCommits));
      }
    } else {
      return absl::InvalidArgumentError(fmt::format("unknown flag {}", name));
    }
  }
  if (read.repository.empty() || read.out.empty()) {
    return absl::InvalidArgumentError("--repo and --out are needed");
  }
  return read;
}

absl::Status RunTraining(const TrainFlags& flags) {
  auto repository = code_analysis::Repository::Open(flags.repository);
  if (!repository.ok()) return repository.status();
  auto commit = repository->ResolveCommit(flags.commit);
  if (!commit.ok()) return commit.status();
  double shown = -1;
  std::string shown_step;
  const auto progress = [&](std::string_view step, double done) {
    if (step == shown_step && done < shown + 0.05 && done < 1) return;
    shown = done;
    shown_step = step;
    PrintLine(stderr, {{"step", step}, {"progress", std::min(done, 1.0)}});
  };
  std::error_code unresolved;
  auto trained = Train(
      *repository,
      {.repository_name =
           std::filesystem::absolute(flags.repository, unresolved).string(),
       .commit = *commit,
       .fit_commits = flags.fit_commits},
      progress);
  if (!trained.ok()) return trained.status();
  FolderArtefactStore store(flags.out);
  auto saved = store.Save(*trained->base);
  if (!saved.ok()) return saved.status();
  progress("saved", 1.0);
  PrintLine(stdout, Report(*trained, *saved));
  return absl::OkStatus();
}

}  // namespace evalloop::model_server
