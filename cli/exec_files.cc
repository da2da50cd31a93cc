#include "cli/exec_files.h"

#include <fmt/format.h>
#include <zlib.h>

#include <memory>
#include <optional>
#include <utility>

#include "platform/http/json.h"

namespace evalloop::cli {
namespace {

constexpr std::size_t kLargestFile = std::size_t{1} << 30;

struct Close {
  void operator()(gzFile file) const { gzclose(file); }
};

// The status with the line it belongs to.
absl::Status OfLine(std::size_t index, const absl::Status& status) {
  return absl::InvalidArgumentError(
      fmt::format("line {}: {}", index + 1, std::string(status.message())));
}

// A row's text; `otherwise` where it has none, an error without that.
absl::StatusOr<std::string> Text(
    const scorer::PlainValue& row, std::string_view key,
    std::optional<std::string_view> otherwise = std::nullopt) {
  const scorer::PlainValue* const value = row.Find(key);
  if (value == nullptr && otherwise.has_value()) return std::string(*otherwise);
  if (value == nullptr || value->kind != scorer::PlainValue::Kind::kString) {
    return absl::InvalidArgumentError(fmt::format(
        "{}: {}", key, value == nullptr ? "missing" : "not a text"));
  }
  return value->text;
}

absl::StatusOr<scorer::HiddenCall> ParseCall(const scorer::PlainValue& row) {
  const scorer::PlainValue* const arguments = row.Find("arguments");
  const scorer::PlainValue* const expected = row.Find("expected");
  const scorer::PlainValue* const tolerance = row.Find("tolerance");
  if (arguments == nullptr || expected == nullptr) {
    return absl::InvalidArgumentError("arguments and expected are required");
  }
  double share = 0;
  if (tolerance != nullptr) {
    share = tolerance->kind == scorer::PlainValue::Kind::kFloat
                ? tolerance->number
            : tolerance->text == "0" ? 0
            : tolerance->text == "1" ? 1
                                     : -1;
  }
  return scorer::MakeHiddenCall(TextOf(*arguments), TextOf(*expected), share);
}

absl::StatusOr<Problem> ParseProblem(const scorer::PlainValue& row) {
  Problem problem;
  const scorer::PlainValue* const calls = row.Find("calls");
  std::optional<std::string_view> no_script;
  if (calls != nullptr) no_script = "";
  struct Field {
    std::string_view key;
    std::string* target;
    std::optional<std::string_view> otherwise;
  };
  for (const Field& field :
       {Field{"prompt", &problem.prompt, std::nullopt},
        Field{"test", &problem.tests, no_script},
        Field{"entry_point", &problem.entry_point, std::nullopt},
        Field{"language", &problem.language, "python"}}) {
    auto text = Text(row, field.key, field.otherwise);
    if (!text.ok()) return text.status();
    *field.target = *std::move(text);
  }
  if (calls == nullptr) return problem;
  if (calls->kind != scorer::PlainValue::Kind::kArray || calls->items.empty()) {
    return absl::InvalidArgumentError("calls: not a list with a call in it");
  }
  for (const scorer::PlainValue& item : calls->items) {
    auto call = ParseCall(item);
    if (!call.ok()) {
      return absl::InvalidArgumentError(
          fmt::format("calls: {}", std::string(call.status().message())));
    }
    problem.calls.push_back(*std::move(call));
  }
  return problem;
}

struct Tally {
  std::int64_t samples = 0;
  std::int64_t passed = 0;
};

}  // namespace

absl::StatusOr<std::vector<std::string>> ReadLines(const std::string& path) {
  // gzread reads plain files as they are.
  const std::unique_ptr<gzFile_s, Close> file(gzopen(path.c_str(), "rb"));
  if (file == nullptr) {
    return absl::NotFoundError(fmt::format("can't read {}", path));
  }
  std::string text;
  std::string buffer(1 << 16, '\0');
  int size = 0;
  while ((size = gzread(file.get(), buffer.data(),
                        static_cast<unsigned>(buffer.size()))) > 0) {
    text.append(buffer, 0, static_cast<std::size_t>(size));
    if (text.size() > kLargestFile) {
      return absl::InvalidArgumentError(fmt::format("{}: too large", path));
    }
  }
  if (size < 0) {
    return absl::InvalidArgumentError(fmt::format("{}: broken gzip", path));
  }
  std::vector<std::string> lines;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line =
        std::string_view(text).substr(begin, end - begin);
    if (line.find_first_not_of(" \t\r") != line.npos) lines.emplace_back(line);
    begin = end + 1;
  }
  return lines;
}

absl::StatusOr<Problems> ParseProblems(const std::vector<std::string>& lines) {
  Problems problems;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto row = scorer::ParsePlainValue(lines[i]);
    if (!row.ok()) return OfLine(i, row.status());
    const auto id = Text(*row, "task_id");
    if (!id.ok()) return OfLine(i, id.status());
    auto problem = ParseProblem(*row);
    if (!problem.ok()) return OfLine(i, problem.status());
    problems[*id] = *std::move(problem);
  }
  return problems;
}

absl::StatusOr<std::vector<Sample>> ParseSamples(
    const std::vector<std::string>& lines, const Problems& problems) {
  std::vector<Sample> samples;
  std::map<std::string, std::int64_t> next;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    auto row = http::ParseJsonObject(lines[i]);
    if (!row.ok()) return OfLine(i, row.status());
    Sample sample;
    for (const auto& [key, target] :
         {std::pair{"task_id", &sample.task_id},
          std::pair{"completion", &sample.completion}}) {
      auto value = http::GetString(*row, key);
      if (!value.ok()) return OfLine(i, value.status());
      *target = *std::move(value);
    }
    if (!problems.contains(sample.task_id)) {
      return OfLine(i, absl::InvalidArgumentError(fmt::format(
                           "no problem has task_id {}", sample.task_id)));
    }
    sample.completion_id = next[sample.task_id]++;
    sample.row = *std::move(row);
    samples.push_back(std::move(sample));
  }
  return samples;
}

std::string ResultLine(const Sample& sample) {
  boost::json::object row = sample.row;
  row["result"] = scorer::ResultText(sample.verdict);
  row["passed"] = sample.verdict.result == scorer::FunctionalResult::kPassed;
  row["completion_id"] = sample.completion_id;
  row["tier"] = sample.verdict.tier;
  return http::JsonText(row);
}

boost::json::object Summary(const std::vector<Sample>& samples,
                            const std::vector<std::int64_t>& ks) {
  std::map<std::string_view, Tally> tasks;
  std::int64_t passed = 0;
  std::int64_t infrastructure = 0;
  for (const Sample& sample : samples) {
    Tally& tally = tasks[sample.task_id];
    if (sample.verdict.result == scorer::FunctionalResult::kInfrastructure) {
      ++infrastructure;
      continue;
    }
    ++tally.samples;
    if (sample.verdict.result == scorer::FunctionalResult::kPassed) {
      ++tally.passed;
      ++passed;
    }
  }
  boost::json::object summary;
  for (const bool all : {false, true}) {
    for (const std::int64_t k : ks) {
      double sum = 0;
      bool enough = !tasks.empty();
      for (const auto& [id, tally] : tasks) {
        if (tally.samples < k) {
          enough = false;
          break;
        }
        sum += all ? scorer::PassHatK(tally.samples, tally.passed, k)
                   : scorer::PassAtK(tally.samples, tally.passed, k);
      }
      if (!enough) continue;
      summary[fmt::format("pass{}{}", all ? '^' : '@', k)] =
          sum / static_cast<double>(tasks.size());
    }
  }
  summary["tasks"] = tasks.size();
  summary["samples"] = samples.size();
  summary["passed"] = passed;
  summary["infrastructure"] = infrastructure;
  return summary;
}

}  // namespace evalloop::cli
