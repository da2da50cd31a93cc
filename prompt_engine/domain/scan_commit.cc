#include "prompt_engine/domain/scan_commit.h"

#include <fmt/format.h>

#include <algorithm>

#include "code_analysis/lexer.h"
#include "platform/base/crypto.h"

namespace evalloop::prompt_engine {
namespace {

constexpr std::string_view kBlanks = " \t\v\f\r\n";

// FNV-1a, 64 bits.
class Hash {
 public:
  void Add(std::string_view bytes) {
    for (const char c : bytes) AddByte(static_cast<unsigned char>(c));
    AddByte(0);  // Ends the piece: "ab","c" is not "a","bc".
  }
  std::int64_t value() const { return static_cast<std::int64_t>(value_); }

 private:
  void AddByte(unsigned char byte) {
    value_ = (value_ ^ byte) * 0x100000001B3ULL;
  }
  std::uint64_t value_ = 0xCBF29CE484222325ULL;
};

void AddTokens(std::string_view line, code_analysis::Language language,
               Hash& hash) {
  for (const auto& token : code_analysis::Lex(line, language)) {
    hash.Add(token.text);
  }
}

bool KnownLanguage(std::string_view path) {
  return code_analysis::LanguageOfPath(path) !=
         code_analysis::Language::kUnknown;
}

AddedCode CodeOf(const replay::AddedRun& run, const replay::AddedLine& line) {
  AddedCode code;
  code.path = run.path;
  code.language = code_analysis::NameOf(run.language);
  code.line = static_cast<std::uint32_t>(line.number);
  code.text = LineText(run, line);
  code.tokens = static_cast<std::uint32_t>(line.token_starts.size());
  code.counted = line.counted;
  code.token_key = TokenKey(code.text, run.language);
  code.context_key = ContextKey(run, line);
  return code;
}

}  // namespace

std::string Pseudonym(std::string_view email, std::string_view author_key) {
  std::string lower(email);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return fmt::format(
      "dev-{}", base::Hex(base::HmacSha256(author_key, lower)).substr(0, 8));
}

std::int64_t TokenKey(std::string_view line, code_analysis::Language language) {
  Hash hash;
  AddTokens(line, language, hash);
  return hash.value();
}

std::string_view LineText(const replay::AddedRun& run,
                          const replay::AddedLine& line) {
  const std::size_t begin =
      line.token_starts.empty() ? line.begin : line.token_starts.front();
  const std::string_view text =
      std::string_view(*run.text).substr(begin, line.end - begin);
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

std::int64_t ContextKey(const replay::AddedRun& run,
                        const replay::AddedLine& line) {
  Hash hash;
  hash.Add(run.path);
  const std::string_view text = *run.text;
  std::size_t end = line.begin;
  int found = 0;
  while (end > 0 && found < 2) {
    --end;  // The line end above.
    const std::size_t newline =
        end == 0 ? std::string_view::npos : text.rfind('\n', end - 1);
    const std::size_t begin =
        newline == std::string_view::npos ? 0 : newline + 1;
    const std::string_view above = text.substr(begin, end - begin);
    end = begin;
    if (above.find_first_not_of(kBlanks) == std::string_view::npos) continue;
    AddTokens(above, run.language, hash);
    hash.Add("\n");
    ++found;
  }
  return hash.value();
}

absl::StatusOr<CommitCode> ReadCommit(
    const code_analysis::Repository& repository, std::string_view sha) {
  const auto changes = repository.Changes(sha, KnownLanguage);
  if (!changes.ok()) return changes.status();
  CommitCode code;
  code.runs = replay::AddedRuns(*changes, {});
  code.files = static_cast<std::uint32_t>(changes->files.size());
  code.files_skipped = static_cast<std::uint32_t>(changes->skipped.size());
  return code;
}

absl::StatusOr<IngestedCommit> ScanCommit(
    const code_analysis::Repository& repository,
    const code_analysis::CommitInfo& commit, std::uint32_t position,
    std::string_view author_key) {
  const auto code = ReadCommit(repository, commit.sha);
  if (!code.ok()) return code.status();
  IngestedCommit scanned;
  CommitHeader& header = scanned.header;
  header.position = position;
  header.sha = commit.sha;
  header.parent = commit.parent;
  header.author = Pseudonym(commit.author_email, author_key);
  header.author_time = absl::FromUnixSeconds(commit.author_time);
  header.commit_time = absl::FromUnixSeconds(commit.commit_time);
  header.files = code->files;
  header.files_skipped = code->files_skipped;
  for (const replay::AddedRun& run : code->runs) {
    for (const replay::AddedLine& line : run.lines) {
      if (line.token_starts.empty()) continue;
      if (scanned.lines.size() == kMaxLinesPerCommit) return scanned;
      scanned.lines.push_back(CodeOf(run, line));
      if (line.counted) ++header.counted_lines;
    }
  }
  return scanned;
}

}  // namespace evalloop::prompt_engine
