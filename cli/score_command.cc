#include <fmt/format.h>

#include <boost/json.hpp>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/commands.h"
#include "cli/replay_report.h"
#include "code_analysis/language.h"
#include "code_analysis/repository_names.h"
#include "evalloop/v1/scorer.pb.h"
#include "platform/base/text.h"
#include "platform/http/json.h"
#include "scorer/domain/rubric_message.h"
#include "scorer/domain/scoring.h"
#include "scorer/execution/local_checkouts.h"
#include "scorer/execution/sandboxed_code_tools.h"

namespace evalloop::cli {
namespace {

// Rows that are scored together: a tool is started once for them.
constexpr std::size_t kAtOnce = 256;

// A row of --pairs with its texts.
struct PairRow {
  boost::json::value id;  // As given, any type.
  std::string text;
  std::vector<std::string> references;
  std::string language;
  std::string prefix;
  std::string suffix;
  std::optional<std::string> before;
  std::string repository;
  // Names in the checkout that `repository` is the path of; else null.
  std::shared_ptr<const code_analysis::RepositoryNames> names;
};

absl::Status ReadReferences(const boost::json::object& object, PairRow& row) {
  const auto one = http::FindString(object, "reference");
  if (!one.ok()) return one.status();
  if (one->has_value()) row.references.push_back(**one);
  const auto many = http::FindArray(object, "references");
  if (!many.ok()) return many.status();
  if (*many == nullptr) return absl::OkStatus();
  for (const boost::json::value& reference : **many) {
    if (!reference.is_string()) {
      return absl::InvalidArgumentError("references: holds no text");
    }
    row.references.emplace_back(reference.as_string());
  }
  return absl::OkStatus();
}

absl::StatusOr<PairRow> ParseRow(std::string_view line) {
  const auto object = http::ParseJsonObject(line);
  if (!object.ok()) return object.status();
  PairRow row;
  const auto id = object->find("id");
  if (id != object->end()) row.id = id->value();
  const auto text = http::GetString(*object, "candidate");
  if (!text.ok()) return text.status();
  row.text = *text;
  if (auto status = ReadReferences(*object, row); !status.ok()) return status;
  const auto optional_text = [&](std::string_view key,
                                 std::string& target) -> absl::Status {
    const auto value = http::FindString(*object, key);
    if (!value.ok()) return value.status();
    target = value->value_or("");
    return absl::OkStatus();
  };
  auto status = optional_text("language", row.language);
  if (status.ok()) status = optional_text("prefix", row.prefix);
  if (status.ok()) status = optional_text("suffix", row.suffix);
  if (status.ok()) status = optional_text("repository", row.repository);
  if (!status.ok()) return status;
  const auto before = http::FindString(*object, "before");
  if (!before.ok()) return before.status();
  row.before = *before;
  return row;
}

scorer::Candidate CandidateOf(const PairRow& row) {
  scorer::Candidate candidate;
  candidate.text = row.text;
  candidate.references.assign(row.references.begin(), row.references.end());
  candidate.language = code_analysis::ParseLanguage(row.language);
  candidate.prefix = row.prefix;
  candidate.suffix = row.suffix;
  candidate.before = row.before;
  candidate.repository = row.repository;
  candidate.names = row.names.get();
  return candidate;
}

// The built-in scorer, or the one that the service would be with that rubric.
absl::StatusOr<scorer::Scorer> ScorerOf(const std::string& rubric_file) {
  if (rubric_file.empty()) return scorer::Scorer(scorer::DefaultRubric());
  v1::Rubric message;
  const auto read = ReadRubricFile(rubric_file, &message);
  if (!read.ok()) return read;
  auto rubric = scorer::ReadRubric(message);
  if (!rubric.ok()) return rubric.status();
  const auto checked = scorer::CheckRubric(*rubric);
  if (!checked.ok()) return checked;
  return scorer::Scorer(*std::move(rubric));
}

std::string ScoreLine(const PairRow& row, const scorer::ScoreSet& scored) {
  boost::json::object scores;
  boost::json::object reasons;
  for (const scorer::MetricScore& metric : scored.metrics) {
    if (metric.value.has_value()) {
      scores[metric.metric] = *metric.value;
    } else {
      scores[metric.metric] = nullptr;
      reasons[metric.metric] = metric.reason;
    }
  }
  boost::json::object out;
  out["id"] = row.id;
  out["scores"] = std::move(scores);
  out["reasons"] = std::move(reasons);
  out["scorer_digest"] = scored.scorer_digest;
  if (!scored.findings.empty()) {
    boost::json::array findings;
    for (const scorer::Finding& finding : scored.findings) {
      findings.push_back(boost::json::object({{"metric", finding.metric},
                                              {"rule", finding.rule},
                                              {"line", finding.line}}));
    }
    out["findings"] = std::move(findings);
  }
  return http::JsonText(out);
}

}  // namespace

Outcome Score(Terminal& terminal, const ScoreFlags& flags) {
  const auto metrics = scorer::SelectMetrics(flags.metrics);
  if (!metrics.ok()) return metrics.status();
  const auto scorer = ScorerOf(flags.rubric);
  if (!scorer.ok()) return scorer.status();
  std::ifstream pairs(flags.pairs, std::ios::binary);
  if (!pairs) {
    return absl::NotFoundError(fmt::format("can't read {}", flags.pairs));
  }
  std::string out;
  std::string line;
  std::int64_t number = 0;
  scorer::LocalCodeTools tools;
  scorer::LocalCheckouts checkouts({"/"});
  std::vector<PairRow> rows;
  const auto score_rows = [&] {
    std::vector<scorer::Candidate> candidates;
    for (const PairRow& row : rows) candidates.push_back(CandidateOf(row));
    const auto scores =
        scorer::ScoreRows(candidates, *metrics, &tools, *scorer);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      out += ScoreLine(rows[i], scores[i]);
      out += '\n';
    }
    rows.clear();
  };
  while (std::getline(pairs, line)) {
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    auto row = ParseRow(line);
    if (!row.ok()) {
      return absl::InvalidArgumentError(
          fmt::format("{} line {}: {}", flags.pairs, number,
                      std::string(row.status().message())));
    }
    if (!row->repository.empty())
      row->names = checkouts.NamesIn(row->repository);
    rows.push_back(*std::move(row));
    if (rows.size() == kAtOnce) score_rows();
    terminal.Progress("scoring", number, 0);
  }
  score_rows();
  terminal.EndProgress();
  if (pairs.bad()) {
    return absl::DataLossError(fmt::format("can't read {}", flags.pairs));
  }
  if (!flags.out.empty()) {
    const auto status = WriteFile(flags.out, out);
    if (!status.ok()) return status;
    return ExitCode::kPassed;
  }
  if (!out.empty()) {
    out.pop_back();
    terminal.Data(out);
  }
  return ExitCode::kPassed;
}

}  // namespace evalloop::cli
