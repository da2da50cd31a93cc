#include "cli/loop_report.h"

#include <fmt/format.h>
#include <google/protobuf/util/time_util.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <system_error>
#include <utility>

#include "cli/names.h"
#include "cli/replay_report.h"
#include "cli/terminal.h"
#include "cli/verdict.h"
#include "platform/base/statistics.h"
#include "platform/http/json.h"

namespace evalloop::cli {
namespace {

using google::protobuf::util::TimeUtil;

// After minus before on the same commits.
struct Gains {
  std::optional<base::Estimate> acceptance;
  std::optional<base::Estimate> completed_chars;
};

base::RatioTally AcceptanceOf(const replay::Tally& tally) {
  return {static_cast<double>(tally.accepted),
          static_cast<double>(tally.shown)};
}

base::RatioTally CompletedOf(const replay::Tally& tally) {
  return {
      static_cast<double>(tally.accepted_characters),
      static_cast<double>(tally.typed_characters + tally.accepted_characters)};
}

std::optional<base::Estimate> Difference(
    const std::vector<base::PairedRatioTally>& pairs, std::uint64_t seed) {
  const auto estimate = base::BootstrapRatioDifference(pairs, {.seed = seed});
  if (!estimate.ok()) return std::nullopt;
  return *estimate;
}

Gains GainsOf(const std::vector<replay::CommitTally>& before,
              const std::vector<replay::CommitTally>& after,
              std::uint64_t seed) {
  std::map<std::string_view, const replay::Tally*> earlier;
  for (const replay::CommitTally& commit : before) {
    earlier[commit.commit] = &commit.tally;
  }
  std::vector<base::PairedRatioTally> acceptance;
  std::vector<base::PairedRatioTally> completed;
  for (const replay::CommitTally& commit : after) {
    const auto pair = earlier.find(commit.commit);
    if (pair == earlier.end()) continue;
    acceptance.push_back(
        {AcceptanceOf(*pair->second), AcceptanceOf(commit.tally)});
    completed.push_back(
        {CompletedOf(*pair->second), CompletedOf(commit.tally)});
  }
  return {Difference(acceptance, seed), Difference(completed, seed)};
}

boost::json::value ToValue(const std::optional<base::Estimate>& estimate) {
  if (!estimate.has_value()) return nullptr;
  return {{"value", estimate->value}, {"ci", {estimate->low, estimate->high}}};
}

boost::json::value ToValue(const google::protobuf::Message& message) {
  const auto object = http::ParseJsonObject(ToJson(message, /*pretty=*/false));
  return object.ok() ? boost::json::value(*object) : nullptr;
}

boost::json::value WindowValue(const replay::Window& window) {
  return {{"from_commit", window.from_commit},
          {"to_commit", window.to_commit},
          {"lines", window.lines},
          {"wanted", window.wanted}};
}

boost::json::value ChangeValue(const v1::LoopDecision& change) {
  boost::json::object object;
  object["at"] = TimeUtil::ToString(change.decide_time());
  object["kind"] = change.kind();
  object["from"] = RevisionName(change.prompt(), change.from_version());
  object["to"] = RevisionName(change.prompt(), change.to_version());
  object["verdict"] = VerdictName(change.verdict());
  object["applied"] = change.applied();
  object["reason"] = change.reason();
  const bool known = change.has_gain();
  object["gain"] = known ? boost::json::value(change.gain().value()) : nullptr;
  object["gain_ci"] =
      known && change.gain().has_lower() && change.gain().has_upper()
          ? boost::json::value({change.gain().lower(), change.gain().upper()})
          : nullptr;
  object["gain_metric"] = change.gain_metric();
  object["gate_id"] = change.gate_id();
  return object;
}

std::string Points(const std::optional<base::Estimate>& gain) {
  if (!gain.has_value()) return "-";
  return fmt::format("{:+.1f} [{:+.1f}, {:+.1f}] points", 100 * gain->value,
                     100 * gain->low, 100 * gain->high);
}

std::string GainText(const v1::LoopDecision& change) {
  if (!change.has_gain()) return "-";
  if (!change.gain().has_lower() || !change.gain().has_upper()) {
    return fmt::format("{:+.3f} {}", change.gain().value(),
                       change.gain_metric());
  }
  return fmt::format("{:+.3f} [{:+.3f}, {:+.3f}] {}", change.gain().value(),
                     change.gain().lower(), change.gain().upper(),
                     change.gain_metric());
}

}  // namespace

std::string LoopReportJson(const LoopReport& report) {
  boost::json::object json;
  json["repository"] = report.repository;
  json["rule"] = boost::json::string(kAcceptanceRule);
  json["seed"] = report.seed;
  json["lines"] = report.lines;
  json["seconds"] = report.seconds;
  json["benchmark"] = {{"name", report.benchmark.name()},
                       {"version", report.benchmark.version()},
                       {"items", report.benchmark.items()},
                       {"agreed", report.benchmark.agreed()},
                       {"contested", report.benchmark.contested()}};
  json["windows"] = {{"learn", WindowValue(report.windows.learn)},
                     {"retrain", WindowValue(report.windows.retrain)},
                     {"gate", WindowValue(report.windows.gate)},
                     {"report", WindowValue(report.windows.report)}};
  const auto policy = [&](const std::vector<replay::CommitTally>& commits,
                          std::uint32_t version) {
    boost::json::object totals = TotalsObject(TotalsOf(commits, report.seed));
    totals["revision"] = RevisionName(report.prompt, version);
    return totals;
  };
  json["before"] = policy(report.before, report.before_version);
  json["threshold_only"] =
      report.threshold_version.has_value()
          ? boost::json::value(
                policy(report.threshold_only, *report.threshold_version))
          : nullptr;
  json["after"] = policy(report.after, report.after_version);
  const Gains gains = GainsOf(report.before, report.after, report.seed);
  json["gains"] = {{"acceptance", ToValue(gains.acceptance)},
                   {"completed_chars", ToValue(gains.completed_chars)}};
  boost::json::array& runs = json["runs"].emplace_array();
  for (const v1::Run& run : report.runs) runs.push_back(ToValue(run));
  boost::json::array& changes = json["changes"].emplace_array();
  for (const v1::LoopDecision& change : report.changes) {
    changes.push_back(ChangeValue(change));
  }
  boost::json::array& next = json["next"].emplace_array();
  for (const std::string& step : report.next) next.emplace_back(step);
  return http::JsonText(json);
}

std::string LoopReportText(const LoopReport& report) {
  std::string text = fmt::format(
      "\n{}: {} lines of history, {}\n"
      "learnt on {} lines, gated on {} items ({} agreed, {} contested), "
      "reported on {} later lines\n\n",
      report.repository, report.lines,
      Readable(std::chrono::seconds(report.seconds)),
      report.windows.learn.lines, report.benchmark.items(),
      report.benchmark.agreed(), report.benchmark.contested(),
      report.windows.report.lines);
  std::vector<std::vector<std::string>> rows = {TotalsHeading("policy")};
  const auto add = [&](std::string_view name,
                       const std::vector<replay::CommitTally>& commits,
                       std::uint32_t version) {
    rows.push_back(TotalsRow(
        fmt::format("{} ({})", name, RevisionName(report.prompt, version)),
        TotalsOf(commits, report.seed)));
  };
  add("before", report.before, report.before_version);
  if (report.threshold_version.has_value()) {
    add("threshold_only", report.threshold_only, *report.threshold_version);
  }
  add("after", report.after, report.after_version);
  text += Table(rows);

  const Gains gains = GainsOf(report.before, report.after, report.seed);
  text += fmt::format(
      "\n\nafter - before, paired by commit: acceptance {}, completed chars "
      "{}\n",
      Points(gains.acceptance), Points(gains.completed_chars));

  text += "\nchanges\n";
  if (report.changes.empty()) text += "  none\n";
  for (const v1::LoopDecision& change : report.changes) {
    text += fmt::format("  {} {} -> {}: {}{}, gain {}\n    {}\n", change.kind(),
                        RevisionName(change.prompt(), change.from_version()),
                        RevisionName(change.prompt(), change.to_version()),
                        VerdictName(change.verdict()),
                        change.applied() ? ", applied" : ", not applied",
                        GainText(change), change.reason());
  }
  if (!report.next.empty()) {
    text += "\nnext\n";
    for (const std::string& step : report.next) {
      text += fmt::format("  {}\n", step);
    }
  }
  return text;
}

void NoteTyped(const std::vector<replay::CommitTally>& typed,
               replay::Windows& windows) {
  std::int64_t lines = 0;
  for (const replay::CommitTally& commit : typed) lines += commit.tally.lines;
  if (typed.empty() || lines >= windows.report.lines) return;
  windows.shortfalls.push_back(
      fmt::format("the time was enough for {} of the report window's {} lines",
                  lines, windows.report.lines));
  windows.report.lines = lines;
  windows.report.to_commit = typed.back().commit;
}

std::vector<std::string> NextSteps(const LoopReport& report) {
  std::vector<std::string> steps;
  for (const std::string& shortfall : report.windows.shortfalls) {
    steps.push_back(shortfall +
                    ": a longer history, or more --lines, narrows the "
                    "intervals");
  }
  for (const v1::LoopDecision& change : report.changes) {
    if (change.verdict() != v1::VERDICT_KIND_INCONCLUSIVE) continue;
    steps.push_back(
        fmt::format("{}: the gate could not tell; gate it on more rows",
                    RevisionName(change.prompt(), change.to_version())));
  }
  steps.push_back("see a run's rows and scores: evalloop run show RUN");
  return steps;
}

std::string LoopReportPath(const std::string& flag) {
  if (!flag.empty()) return flag;
  const char* home = std::getenv("EVALLOOP_HOME");
  const std::filesystem::path folder = home != nullptr ? home : ".evalloop";
  std::error_code ignored;  // Writing says what is wrong.
  std::filesystem::create_directories(folder, ignored);
  return (folder / "report.json").string();
}

}  // namespace evalloop::cli
