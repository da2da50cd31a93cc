#include "trainer_bridge/launcher/embedded_launcher.h"

#include <boost/json.hpp>
#include <optional>
#include <utility>

#include "fmt/format.h"
#include "platform/http/json.h"
#include "trainer_bridge/launcher/child_process.h"

namespace evalloop::trainer_bridge {
namespace {

constexpr std::string_view kTrainerName = "nested-cache n-gram";

// The last line of `text` that isn't empty.
std::string_view LastLine(std::string_view text) {
  while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  const std::size_t before = text.rfind('\n');
  return before == std::string_view::npos ? text : text.substr(before + 1);
}

absl::StatusOr<TrainedModel> ParseResult(std::string_view line) {
  const auto object = http::ParseJsonObject(line);
  if (!object.ok()) return object.status();
  const auto digest = http::GetString(*object, "digest");
  if (!digest.ok()) return digest.status();
  const auto tokens = http::GetInt(*object, "tokens", 0);
  if (!tokens.ok()) return tokens.status();
  const auto bytes = http::GetInt(*object, "bytes", 0);
  if (!bytes.ok()) return bytes.status();
  const auto fit = http::FindObject(*object, "fit");
  if (!fit.ok()) return fit.status();
  std::optional<double> held_out_loss;
  if (*fit != nullptr) {
    const auto loss = http::FindDouble(**fit, "held_out_loss");
    if (!loss.ok()) return loss.status();
    held_out_loss = *loss;
  }
  return TrainedModel{.digest = *digest,
                      .tokens = static_cast<std::uint64_t>(*tokens),
                      .bytes = static_cast<std::uint64_t>(*bytes),
                      .held_out_loss = held_out_loss,
                      .trainer = std::string(kTrainerName)};
}

}  // namespace

absl::StatusOr<TrainedModel> EmbeddedLauncher::Train(
    const TrainingSet& set, const TrainingProgress& progress) {
  std::string words = "starting";
  double share = 0;
  const auto on_line = [&](const std::string& line) {
    if (line.empty()) return progress(words, share);
    const auto said = http::ParseJsonObject(line);
    if (!said.ok()) return true;  // A log line.
    const auto step = http::FindString(*said, "step");
    const auto done = http::FindDouble(*said, "progress");
    if (step.ok() && step->has_value()) words = **step;
    if (done.ok() && done->has_value()) share = **done;
    return true;
  };
  const auto ended = RunChild(
      {.argv = {options_.trainer_binary, "--train", "--repo", set.repository,
                "--commit", set.commit, "--out", options_.artefact_dir},
       .time_limit = options_.time_limit},
      on_line);
  if (!ended.ok()) return ended.status();
  if (ended->exit_code != 0) {
    return absl::InternalError(fmt::format("the trainer failed (exit {}): {}",
                                           ended->exit_code,
                                           LastLine(ended->errors)));
  }
  auto trained = ParseResult(LastLine(ended->output));
  if (!trained.ok()) {
    return absl::InternalError(
        fmt::format("the trainer's answer can't be read: {}",
                    std::string(trained.status().message())));
  }
  return trained;
}

}  // namespace evalloop::trainer_bridge
