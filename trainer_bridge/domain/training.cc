#include "trainer_bridge/domain/training.h"

#include <array>
#include <utility>

#include "code_analysis/history.h"
#include "code_analysis/language.h"
#include "fmt/format.h"
#include "platform/base/crypto.h"
#include "platform/base/ids.h"

namespace evalloop::trainer_bridge {
namespace {

using code_analysis::SkipReason;

constexpr std::array<std::pair<JobState, std::string_view>, 9> kStates = {{
    {JobState::kQueued, "queued"},
    {JobState::kTraining, "training"},
    {JobState::kRegistered, "registered"},
    {JobState::kGating, "gating"},
    {JobState::kPromoted, "promoted"},
    {JobState::kHeld, "held"},
    {JobState::kFailed, "failed"},
    {JobState::kCancelled, "cancelled"},
    {JobState::kDone, "done"},
}};

std::string_view NameOf(SkipReason reason) {
  switch (reason) {
    case SkipReason::kBinary:
      return "binary";
    case SkipReason::kTooLarge:
      return "too_large";
    case SkipReason::kNotAFile:
      return "not_a_file";
    case SkipReason::kTooManyFiles:
      return "too_many_files";
    case SkipReason::kUnreadable:
      return "unreadable";
  }
  return "unreadable";
}

}  // namespace

std::string_view NameOf(JobState state) {
  for (const auto& [known, name] : kStates) {
    if (known == state) return name;
  }
  return "failed";
}

JobState JobStateOf(std::string_view name) {
  for (const auto& [state, known] : kStates) {
    if (known == name) return state;
  }
  return JobState::kFailed;
}

bool HasEnded(JobState state) {
  return state != JobState::kQueued && state != JobState::kTraining &&
         state != JobState::kRegistered && state != JobState::kGating;
}

std::string ModelNameOf(std::string_view digest) {
  return fmt::format("embedded-{}", digest.substr(0, 12));
}

absl::StatusOr<TrainingSet> DescribeTree(std::string_view repository,
                                         std::string_view commit) {
  const auto opened = code_analysis::Repository::Open(repository);
  if (!opened.ok()) return opened.status();
  const auto sha = opened->ResolveCommit(commit);
  if (!sha.ok()) return sha.status();
  TrainingSet set;
  set.repository = repository;
  set.commit = *sha;
  std::string digests;  // Of each file; hashing them again covers them all.
  const auto take = [&](const code_analysis::TreeFile& file) {
    if (!file.valid_utf8) {
      ++set.left_out["not_utf8"];
    } else if (file.generated_or_vendored) {
      ++set.left_out["generated_or_vendored"];
    } else {
      ++set.files;
      set.bytes += file.text.size();
      digests += fmt::format("{} {}\n", base::Sha256Hex(file.text), file.path);
    }
    return true;
  };
  const auto skipped = opened->ReadTree(*sha, take, [](std::string_view path) {
    return code_analysis::LanguageOfPath(path) !=
           code_analysis::Language::kUnknown;
  });
  if (!skipped.ok()) return skipped.status();
  for (const code_analysis::SkippedFile& file : *skipped) {
    ++set.left_out[std::string(NameOf(file.reason))];
  }
  if (set.files == 0) {
    return absl::FailedPreconditionError(
        fmt::format("{} holds no source file in a known language at {}",
                    repository, commit));
  }
  set.digest = base::Sha256Hex(digests);
  set.id = "set-" + base::DerivedId(
                        fmt::format("{} {} {}", repository, *sha, set.digest),
                        "training set");
  return set;
}

}  // namespace evalloop::trainer_bridge
