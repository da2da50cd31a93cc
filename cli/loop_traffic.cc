#include "cli/loop_traffic.h"

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "cli/embedded_index.h"
#include "cli/gateway_suggester.h"
#include "cli/prompt_engine_peer.h"

namespace evalloop::cli {
namespace {

using code_analysis::CommitInfo;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kLabelPatience{30};
constexpr std::chrono::seconds kOutcomePatience{180};
constexpr std::chrono::milliseconds kPoll{300};

class Observer final : public replay::ReplayObserver {
 public:
  Observer(Terminal& terminal, std::string_view what, std::int64_t lines)
      : terminal_(terminal), what_(what), lines_(lines) {}

  absl::Status BeforeCommit(const CommitInfo&) override {
    return absl::OkStatus();
  }
  void LinesTyped(std::int64_t lines) override {
    terminal_.Progress(what_, before_ + lines, lines_);
  }
  void Finished(std::int64_t lines) { before_ += lines; }

 private:
  Terminal& terminal_;
  const std::string what_;
  const std::int64_t lines_;
  std::int64_t before_ = 0;  // Typed by earlier replays.
};

}  // namespace

absl::StatusOr<std::vector<TypedWindow>> LoopTraffic::Type(
    std::span<const CommitInfo> commits, const std::vector<std::string>& models,
    std::string_view session, std::string_view what, std::int64_t lines,
    std::int64_t max_lines) {
  EmbeddedIndex index(peers_, client_, terminal_);
  std::vector<std::unique_ptr<GatewaySuggester>> suggesters;
  for (const std::string& model : models) {
    const auto embedded = index.Add(model);
    if (!embedded.ok()) return embedded.status();
    GatewaySuggester::Options options;
    options.gateway_url = peers_.addresses().gateway_url;
    options.model = model;
    options.repository = name_;
    options.user = "replay";
    options.session = std::string(session);
    options.pin_index = *embedded;
    suggesters.push_back(std::make_unique<GatewaySuggester>(
        std::move(options), client_, terminal_));
  }
  const auto asked = static_cast<std::int64_t>(models.size()) *
                     (max_lines > 0 && max_lines < lines ? max_lines : lines);
  Observer observer(terminal_, what, asked);
  std::vector<TypedWindow> windows(models.size());
  std::int64_t left = max_lines;
  for (const CommitInfo& commit : commits) {
    if (commit.parent.empty()) continue;
    if (max_lines > 0 && left <= 0) break;
    if (const auto status = index.StandAt(name_, commit.parent); !status.ok()) {
      return status;
    }
    replay::ReplayOptions options = options_;
    options.max_lines = left;
    std::int64_t typed = 0;
    for (std::size_t i = 0; i < models.size(); ++i) {
      suggesters[i]->StandAt(commit.parent);
      auto tallies = replay::Replay(repository_, {&commit, 1}, options,
                                    *suggesters[i], observer);
      if (!tallies.ok()) return tallies.status();
      for (replay::CommitTally& tally : *tallies) {
        typed = tally.tally.lines;
        observer.Finished(typed);
        windows[i].commits.push_back(std::move(tally));
      }
    }
    left -= typed;
  }
  for (std::size_t i = 0; i < models.size(); ++i) {
    windows[i].answered = suggesters[i]->answered();
  }
  terminal_.EndProgress();
  return windows;
}

absl::StatusOr<std::optional<double>> LoopTraffic::TypeLive(
    std::span<const CommitInfo> commits, std::string_view prompt,
    std::string_view session, std::string_view what, std::int64_t lines,
    std::int64_t max_lines) {
  const auto begin = Clock::now();
  const auto typed = Type(commits, {fmt::format("evalloop/{}", prompt)},
                          session, what, lines, max_lines);
  if (!typed.ok()) return typed.status();
  const absl::Status settled =
      AwaitOutcomes(prompt, session, typed->front().answered,
                    fmt::format("{}: outcomes", what));
  if (!settled.ok()) return settled;
  std::int64_t done = 0;
  for (const replay::CommitTally& commit : typed->front().commits) {
    done += commit.tally.lines;
  }
  if (done == 0) return std::nullopt;
  const std::chrono::duration<double> time = Clock::now() - begin;
  return static_cast<double>(done) / time.count();
}

absl::Status LoopTraffic::AwaitRevision(std::string_view model,
                                        std::uint32_t version) {
  GatewaySuggester::Options options;
  options.gateway_url = peers_.addresses().gateway_url;
  options.model = std::string(model);
  options.repository = name_;
  options.user = "replay";
  options.session = "probe";
  GatewaySuggester probe(std::move(options), client_, terminal_);
  const auto deadline = Clock::now() + kLabelPatience;
  while (true) {
    const auto answered = probe.RevisionInForce();
    if (answered.ok() && *answered == version) return absl::OkStatus();
    if (!answered.ok() &&
        answered.status().code() != absl::StatusCode::kNotFound) {
      return answered.status();
    }
    if (Clock::now() > deadline) {
      return absl::DeadlineExceededError(
          fmt::format("the gateway didn't answer {} with version {} within {}",
                      model, version, Readable(kLabelPatience)));
    }
    std::this_thread::sleep_for(kPoll);
  }
}

absl::Status LoopTraffic::AwaitOutcomes(std::string_view prompt,
                                        std::string_view session,
                                        std::int64_t completions,
                                        std::string_view what) {
  v1::SummariseOutcomesRequest request;
  request.mutable_filter()->set_prompt(std::string(prompt));
  request.mutable_filter()->set_session(std::string(session));
  std::int64_t most = 0;
  auto last_gain = Clock::now();
  while (true) {
    const auto summary = Call(peers_, &Prompts::SummariseOutcomes, request);
    if (!summary.ok()) return summary.status();
    std::int64_t settled = 0;
    for (const v1::OutcomeSummary& revision : summary->summaries()) {
      settled += static_cast<std::int64_t>(revision.settled());
    }
    if (settled >= completions) break;
    if (settled > most) {
      most = settled;
      last_gain = Clock::now();
    }
    if (Clock::now() - last_gain > kOutcomePatience) {
      return absl::DeadlineExceededError(fmt::format(
          "prompt_engine holds {} of {} outcomes of session {} and got no more "
          "for {}",
          settled, completions, session, Readable(kOutcomePatience)));
    }
    terminal_.Progress(what, settled, completions);
    std::this_thread::sleep_for(kPoll);
  }
  terminal_.EndProgress();
  return absl::OkStatus();
}

}  // namespace evalloop::cli
