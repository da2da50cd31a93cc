#include "cli/replay_report.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>

#include "platform/base/text.h"
#include "platform/http/json.h"

namespace evalloop::cli {
namespace {

constexpr std::int64_t kBlockLines = 400;

std::string Share(const std::optional<double>& value,
                  const std::optional<replay::Bounds>& bounds) {
  if (!value.has_value()) return "-";
  if (!bounds.has_value()) return fmt::format("{:.1f}%", 100 * *value);
  return fmt::format("{:.1f}% [{:.1f}, {:.1f}]", 100 * *value,
                     100 * bounds->low, 100 * bounds->high);
}

}  // namespace

boost::json::object TotalsObject(const replay::Totals& totals) {
  const auto object = http::ParseJsonObject(replay::ToJson(totals));
  return object.ok() ? *object : boost::json::object();
}

replay::Totals TotalsOf(std::span<const replay::CommitTally> commits,
                        std::uint64_t seed) {
  std::vector<replay::Tally> tallies;
  tallies.reserve(commits.size());
  for (const replay::CommitTally& commit : commits) {
    tallies.push_back(commit.tally);
  }
  return replay::Summarize(tallies, seed);
}

boost::json::object ReplayReport(std::string_view repository,
                                 std::uint64_t seed,
                                 std::span<const replay::CommitTally> commits) {
  boost::json::object report;
  report["repository"] = boost::json::string(repository);
  report["rule"] = boost::json::string(kAcceptanceRule);
  report["seed"] = seed;
  boost::json::array& blocks = report["blocks"].emplace_array();
  std::size_t begin = 0;
  while (begin < commits.size()) {
    std::size_t end = begin;
    std::int64_t lines = 0;
    while (end < commits.size() && lines < kBlockLines) {
      lines += commits[end++].tally.lines;
    }
    boost::json::object block;
    block["from_commit"] = commits[begin].commit;
    block["to_commit"] = commits[end - 1].commit;
    for (auto& member :
         TotalsObject(TotalsOf(commits.subspan(begin, end - begin), seed))) {
      block[member.key()] = member.value();
    }
    blocks.push_back(std::move(block));
    begin = end;
  }
  report["total"] = TotalsObject(TotalsOf(commits, seed));
  return report;
}

std::vector<std::string> TotalsHeading(std::string_view first) {
  return {std::string(first),
          "lines",
          "shown",
          "accepted",
          "acceptance [95 %]",
          "completed chars [95 %]",
          "rejected chars / 400 lines",
          "p95"};
}

std::vector<std::string> TotalsRow(std::string_view name,
                                   const replay::Totals& totals) {
  return {std::string(name),
          fmt::format("{}", totals.lines),
          fmt::format("{}", totals.shown),
          fmt::format("{}", totals.accepted),
          Share(totals.acceptance, totals.acceptance_ci),
          Share(totals.completed_chars, totals.completed_chars_ci),
          totals.rejected_chars.has_value()
              ? fmt::format("{:.0f}", *totals.rejected_chars)
              : "-",
          totals.p95_ms.has_value() ? fmt::format("{:.1f} ms", *totals.p95_ms)
                                    : "-"};
}

absl::Status WriteFile(const std::string& path, std::string_view text) {
  const std::string temporary = path + ".tmp";
  {
    std::ofstream file(temporary, std::ios::binary | std::ios::trunc);
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    file.close();
    if (!file) {
      const std::string why = std::strerror(errno);
      std::remove(temporary.c_str());
      return absl::FailedPreconditionError(
          fmt::format("can't write {}: {}", path, why));
    }
  }
  std::error_code error;
  std::filesystem::rename(temporary, path, error);
  if (error) {
    std::remove(temporary.c_str());
    return absl::FailedPreconditionError(
        fmt::format("can't write {}: {}", path, error.message()));
  }
  return absl::OkStatus();
}

}  // namespace evalloop::cli
