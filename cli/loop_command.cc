#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cli/commands.h"
#include "cli/evaluator_peer.h"
#include "cli/loop_plan.h"
#include "cli/loop_report.h"
#include "cli/loop_traffic.h"
#include "cli/loop_training.h"
#include "cli/names.h"
#include "cli/prompt_engine_peer.h"
#include "cli/replay_report.h"
#include "cli/trainer_bridge_peer.h"
#include "platform/base/ids.h"
#include "platform/base/text.h"
#include "replay/windows.h"

namespace evalloop::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kSteps = 7;
constexpr std::int64_t kSpeedLines = 100;  // Typed to learn the speed.
constexpr std::int64_t kFewestReportLines = 400;
// The part of the time that isn't typing: ingesting, training, settling.
constexpr double kTypingShare = 0.7;
constexpr double kLeastTypingSeconds = 60;
constexpr std::uint32_t kIngestedCommits = 2000;
constexpr std::chrono::seconds kReach{10};
constexpr std::chrono::seconds kIngestDeadline{1800};
constexpr std::chrono::seconds kTurnDeadline{1800};
constexpr std::chrono::seconds kBuildDeadline{300};

// One turn of the loop over one repository, step by step.
class LoopRunner {
 public:
  LoopRunner(Session& session, const LoopFlags& flags, LoopPlan plan,
             std::string name)
      : terminal_(session.terminal),
        peers_(session.peers),
        flags_(flags),
        plan_(std::move(plan)),
        session_("loop-" + base::RandomId().substr(0, 12)) {
    report_.repository = std::move(name);
    report_.prompt = flags.prompt;
    report_.seed = flags.seed;
  }

  absl::Status Run() {
    struct Step {
      const char* name;
      absl::Status (LoopRunner::*run)();
    };
    constexpr Step kAll[kSteps] = {
        {"reading the commits", &LoopRunner::Ingest},
        {"training the first model", &LoopRunner::FirstModel},
        {"learning from live traffic", &LoopRunner::Learn},
        {"tuning what is shown", &LoopRunner::Tune},
        {"training on newer commits", &LoopRunner::Retrain},
        {"typing later lines: before, threshold_only, after",
         &LoopRunner::Measure},
        {"reporting", &LoopRunner::Finish}};
    int number = 0;
    for (const Step& step : kAll) {
      step_ = fmt::format("step {}/{} {}", ++number, kSteps, step.name);
      terminal_.Talk(fmt::format("{} ({} so far)", step_, Readable(Spent())));
      const absl::Status status = (this->*step.run)();
      terminal_.EndProgress();
      if (!status.ok()) {
        return absl::Status(
            status.code(),
            base::A(fmt::format("{}: {}", step_, InWords(status))));
      }
    }
    return absl::OkStatus();
  }

  const LoopReport& report() const { return report_; }

 private:
  // 1. History, windows, prompt_engine's copy.
  absl::Status Ingest() {
    auto status = Split(flags_.lines > 0 ? flags_.lines : LoopPlan::kMostLines);
    if (status.ok()) status = peers_.Reach(kReach);
    if (!status.ok()) return status;

    v1::IngestRepositoryRequest request;
    request.set_repository(report_.repository);
    request.set_max_commits(std::max(
        kIngestedCommits, static_cast<std::uint32_t>(plan_.depth()) + 1));
    return Follow(peers_, &Prompts::IngestRepository, request, kIngestDeadline,
                  [&](const v1::IngestRepositoryResponse& progress) {
                    terminal_.Progress(step_, progress.commits_done(),
                                       progress.commits_total());
                  });
  }

  // 2. A model of the code as it stood before the learn window, and the
  // revision that always shows what it says.
  absl::Status FirstModel() {
    const auto digest = Train(report_.windows.learn.start, std::nullopt);
    if (!digest.ok()) return digest.status();
    v1::GetModelVersionRequest which;
    which.set_digest(*digest);
    const auto model = Call(peers_, &Trainers::GetModelVersion, which);
    if (!model.ok()) return model.status();

    v1::PushRevisionRequest push;
    push.set_prompt(flags_.prompt);
    push.set_author(Author());
    push.set_message("Best model, always shown");
    push.set_request_id(session_ + ":before");
    *push.mutable_content() = AlwaysShown(model->version().model(), *digest);
    const auto pushed = Call(peers_, &Prompts::PushRevision, push);
    if (!pushed.ok()) return pushed.status();
    report_.before_version = pushed->revision().version();

    v1::PublishRevisionRequest publish;
    publish.set_prompt(flags_.prompt);
    publish.set_version(report_.before_version);
    publish.set_override_reason(
        "the loop's starting point: nothing to compare it with");
    publish.set_author(Author());
    const auto published = Call(peers_, &Prompts::PublishRevision, publish);
    if (!published.ok()) return published.status();
    v1::MoveLabelRequest move;
    move.set_prompt(flags_.prompt);
    move.set_label("production");
    move.set_version(report_.before_version);
    move.set_reason("a turn of the loop starts here");
    move.set_author(Author());
    return Call(peers_, &Prompts::MoveLabel, move).status();
  }

  // 3. Developers type the learn window; what they did becomes outcomes.
  absl::Status Learn() {
    LoopTraffic traffic = Traffic();
    auto status = traffic.AwaitRevision("evalloop/" + flags_.prompt,
                                        report_.before_version);
    if (!status.ok()) return status;
    if (flags_.lines <= 0) {
      status = ChooseLines(traffic);
      if (!status.ok()) return status;
    }
    terminal_.Talk(fmt::format(
        "{} lines: learn {}, retrain {}, gate {}, report {}", report_.lines,
        report_.windows.learn.lines, report_.windows.retrain.lines,
        report_.windows.gate.lines, report_.windows.report.lines));
    for (const std::string& shortfall : report_.windows.shortfalls) {
      terminal_.Talk(shortfall);
    }
    const auto speed = Traffic().TypeLive(
        plan_.CommitsOf(report_.windows.learn), flags_.prompt, session_, step_,
        report_.windows.learn.lines);
    if (!speed.ok()) return speed.status();
    speed_ = *speed;
    return absl::OkStatus();
  }

  // 4. A benchmark of later commits; the evaluator asks for policies, gates
  // each, and publishes the winner.
  absl::Status Tune() {
    v1::BuildBenchmarkRequest build;
    build.set_name(flags_.prompt + "-gate");
    build.set_repository(report_.repository);
    build.set_after_commit(report_.windows.gate.start);
    build.set_until_commit(report_.windows.gate.to_commit);
    build.set_max_items(static_cast<std::uint32_t>(plan_.gate_rows()));
    build.set_changelog(fmt::format("built by {}", session_));
    terminal_.Progress(step_ + ": building the benchmark", 0, 0);
    auto built =
        Call(peers_, &Evaluations::BuildBenchmark, build, kBuildDeadline);
    if (!built.ok()) return built.status();
    report_.benchmark = built->benchmark();

    v1::TurnLoopRequest turn;
    turn.set_prompt(flags_.prompt);
    turn.set_benchmark(report_.benchmark.name());
    turn.set_benchmark_version(report_.benchmark.version());
    turn.set_session(session_);
    turn.mutable_autopilot()->set_publish(true);
    turn.mutable_autopilot()->set_move_production(true);
    turn.set_request_id(session_ + ":turn");
    const auto status =
        Follow(peers_, &Evaluations::TurnLoop, turn, kTurnDeadline,
               [&](const v1::TurnLoopResponse& progress) {
                 if (!progress.done()) {
                   terminal_.Progress(
                       fmt::format("{}: {}", step_, progress.progress()), 0, 0);
                   return;
                 }
                 report_.changes.assign(progress.decisions().begin(),
                                        progress.decisions().end());
               });
    if (!status.ok()) return status;
    return FindThreshold();
  }

  // 5. A new model version through the same gate.
  absl::Status Retrain() {
    v1::TrainingGate gate;
    gate.set_prompt(flags_.prompt);
    gate.set_benchmark(report_.benchmark.name());
    gate.set_benchmark_version(report_.benchmark.version());
    gate.set_promote(true);
    return Train(report_.windows.retrain.to_commit, gate).status();
  }

  // 6. The same later lines by all three.
  absl::Status Measure() {
    v1::GetRevisionRequest production;
    production.mutable_revision()->set_prompt(flags_.prompt);
    const auto revision = Call(peers_, &Prompts::GetRevision, production);
    if (!revision.ok()) return revision.status();
    report_.after_version = revision->revision().version();

    // A version that plays two parts is typed once.
    std::set<std::uint32_t> versions = {report_.before_version,
                                        report_.after_version};
    if (report_.threshold_version.has_value()) {
      versions.insert(*report_.threshold_version);
    }
    std::vector<std::string> models;
    LoopTraffic traffic = Traffic();
    for (const std::uint32_t version : versions) {
      models.push_back("evalloop/" + RevisionName(flags_.prompt, version));
      const auto status = traffic.AwaitRevision(models.back(), version);
      if (!status.ok()) return status;
    }
    const auto typed =
        traffic.Type(plan_.CommitsOf(report_.windows.report), models,
                     session_ + "-report", step_, report_.windows.report.lines);
    if (!typed.ok()) return typed.status();
    const auto of = [&](std::uint32_t version) {
      const auto place =
          std::distance(versions.begin(), versions.find(version));
      return (*typed)[static_cast<std::size_t>(place)].commits;
    };
    report_.before = of(report_.before_version);
    if (report_.threshold_version.has_value()) {
      report_.threshold_only = of(*report_.threshold_version);
    }
    report_.after = of(report_.after_version);
    NoteTyped(report_.before, report_.windows);
    return absl::OkStatus();
  }

  // 7. Everything that the report names.
  absl::Status Finish() {
    v1::ListRunsRequest list;
    list.set_prompt(flags_.prompt);
    list.set_benchmark(report_.benchmark.name());
    list.mutable_page()->set_page_size(100);
    const auto runs = Call(peers_, &Evaluations::ListRuns, list);
    if (!runs.ok()) return runs.status();
    for (const v1::Run& run : runs->runs()) {
      if (run.benchmark_version() == report_.benchmark.version()) {
        report_.runs.push_back(run);
      }
    }
    report_.next = NextSteps(report_);
    report_.seconds = Spent().count();
    return absl::OkStatus();
  }

  absl::Status Split(std::int64_t lines) {
    const auto status = plan_.Split(lines);
    report_.windows = plan_.windows();
    report_.lines = plan_.lines();
    return status;
  }

  // Splits the history so that the whole fits the time, by typing some lines.
  absl::Status ChooseLines(LoopTraffic& traffic) {
    const auto speed =
        traffic.TypeLive(plan_.CommitsOf(report_.windows.learn), flags_.prompt,
                         session_ + "-speed", step_ + ": measuring the speed",
                         kSpeedLines, kSpeedLines);
    if (!speed.ok()) return speed.status();
    if (!speed->has_value()) return absl::OkStatus();
    const double left = kTypingShare * 60.0 * flags_.minutes -
                        static_cast<double>(Spent().count());
    const std::int64_t chosen =
        LoopPlan::LinesThatFit(**speed, std::max(kLeastTypingSeconds, left));
    terminal_.Talk(fmt::format("{:.1f} lines a second: {} lines fit {} minutes",
                               **speed, chosen, flags_.minutes));
    return chosen < report_.lines ? Split(chosen) : absl::OkStatus();
  }

  // How many lines each of `models` may type in what is left of the time; 0:
  // all of them.
  std::int64_t ReportLimit(std::size_t models) const {
    if (flags_.lines > 0 || !speed_.has_value()) return 0;
    const double left =
        60.0 * flags_.minutes - static_cast<double>(Spent().count());
    return std::max(kFewestReportLines,
                    static_cast<std::int64_t>(*speed_ * left /
                                              static_cast<double>(models)));
  }

  // The digest of the new model version. With a gate, the job's decision is one
  // of the report's changes.
  absl::StatusOr<std::string> Train(const std::string& commit,
                                    std::optional<v1::TrainingGate> gate) {
    TrainingAsked asked;
    asked.repository = report_.repository;
    asked.commit = commit;
    asked.request_id = session_ + ":train:" + commit;
    asked.gate = std::move(gate);
    const auto job = TrainModel(peers_, terminal_, step_, asked);
    if (!job.ok()) return job.status();
    if (job->has_decision()) report_.changes.push_back(job->decision());
    return job->model_digest();
  }

  // Which of the proposed revisions is the tuned raw threshold.
  absl::Status FindThreshold() {
    for (const v1::LoopDecision& change : report_.changes) {
      if (change.to_version() == 0) continue;
      v1::GetRevisionRequest request;
      request.mutable_revision()->set_prompt(flags_.prompt);
      request.mutable_revision()->set_version(change.to_version());
      const auto revision = Call(peers_, &Prompts::GetRevision, request);
      if (!revision.ok()) return revision.status();
      if (revision->revision().content().output().has_threshold()) {
        report_.threshold_version = change.to_version();
      }
    }
    return absl::OkStatus();
  }

  LoopTraffic Traffic() {
    return LoopTraffic(peers_, terminal_, plan_.repository(),
                       report_.repository, plan_.typing());
  }

  std::chrono::seconds Spent() const {
    return std::chrono::duration_cast<std::chrono::seconds>(Clock::now() -
                                                            begin_);
  }

  Terminal& terminal_;
  Peers& peers_;
  const LoopFlags flags_;
  LoopPlan plan_;
  std::optional<double> speed_;  // Lines a second of the learn window.
  const std::string session_;
  const Clock::time_point begin_ = Clock::now();
  std::string step_;
  LoopReport report_;
};

}  // namespace

Outcome LoopRun(Session& session, const LoopFlags& flags) {
  replay::ReplayOptions typing;
  typing.seed = flags.seed;
  typing.workers = flags.workers;
  auto plan = LoopPlan::Make(flags.repository, typing);
  if (!plan.ok()) return plan.status();
  auto name = CanonicalRepository(flags.repository);
  if (!name.ok()) return name.status();
  const std::string path = LoopReportPath(flags.report);
  // Found out now, not after ten minutes.
  if (auto status = WriteFile(path + ".probe", ""); !status.ok()) return status;
  std::remove((path + ".probe").c_str());

  LoopRunner runner(session, flags, *std::move(plan), *std::move(name));
  if (auto status = runner.Run(); !status.ok()) return status;
  const std::string json = LoopReportJson(runner.report());
  if (auto status = WriteFile(path, json + "\n"); !status.ok()) return status;
  session.terminal.Data(
      session.terminal.json() ? json : LoopReportText(runner.report()));
  session.terminal.Talk(fmt::format("report: {}", path));
  return ExitCode::kPassed;
}

}  // namespace evalloop::cli
