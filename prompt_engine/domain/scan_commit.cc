#include "prompt_engine/domain/scan_commit.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "code_analysis/lexer.h"
#include "platform/base/crypto.h"
#include "prompt_engine/domain/file_lines.h"
#include "prompt_engine/domain/patch_identity.h"

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

}  // namespace

bool InKnownLanguage(std::string_view path) {
  return code_analysis::LanguageOfPath(path) !=
         code_analysis::Language::kUnknown;
}

std::uint32_t MostLinesOf(ItemClass item_class) {
  switch (item_class) {
    case ItemClass::kLine:
    case ItemClass::kTail:
      return 1;
    case ItemClass::kStatement:
      return 12;
    case ItemClass::kBlock:
      return 25;
    case ItemClass::kBody:
      return 40;
  }
  return 0;
}

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

absl::StatusOr<code_analysis::CommitInfo> WriterOf(
    const code_analysis::Repository& repository,
    const code_analysis::CommitInfo& commit) {
  if (!commit.is_merge) return commit;
  const auto side = repository.MergedSide(commit.sha, kMostMergedCommits);
  if (!side.ok()) return side.status();
  // Of equally many commits, who wrote the newest one.
  std::map<std::string_view, std::size_t> commits;
  for (const auto& info : *side) {
    if (!info.is_merge) ++commits[info.author_email];
  }
  const code_analysis::CommitInfo* writer = &commit;
  for (const auto& info : *side) {
    if (info.is_merge) continue;
    if (writer == &commit ||
        commits[info.author_email] > commits[writer->author_email]) {
      writer = &info;
    }
  }
  return *writer;
}

absl::StatusOr<CommitCode> ReadCommit(
    const code_analysis::Repository& repository, std::string_view sha) {
  const auto changes = repository.Changes(sha, InKnownLanguage);
  if (!changes.ok()) return changes.status();
  CommitCode code;
  code.runs = replay::AddedRuns(*changes, {});
  code.files = static_cast<std::uint32_t>(changes->files.size());
  code.files_skipped = static_cast<std::uint32_t>(changes->skipped.size());
  return code;
}

std::size_t ScannedCommit::bytes() const {
  std::size_t bytes = sizeof(ScannedCommit);
  for (const AddedCode& line : commit.lines) {
    bytes += sizeof(AddedCode) + line.text.size() + line.path.size();
  }
  for (const AddedPiece& piece : commit.pieces) {
    bytes += sizeof(AddedPiece) + piece.text.size() + piece.path.size();
  }
  for (const LineageStep& step : steps) {
    bytes += sizeof(LineageStep) + step.stored.size() * sizeof(std::uint32_t) +
             step.moves.size() * sizeof(LineageStep::Move) +
             step.hunks.size() * sizeof(code_analysis::Hunk);
  }
  return bytes;
}

absl::StatusOr<ScannedCommit> ScanCommit(
    const code_analysis::Repository& repository,
    const code_analysis::CommitInfo& commit, std::uint32_t position,
    std::string_view author_key) {
  const auto changes = repository.Changes(commit.sha, InKnownLanguage);
  if (!changes.ok()) return changes.status();
  ScannedCommit scanned;
  CommitHeader& header = scanned.commit.header;
  header.position = position;
  header.sha = commit.sha;
  header.parent = commit.parent;
  const auto writer = WriterOf(repository, commit);
  if (!writer.ok()) return writer.status();
  header.author = Pseudonym(writer->author_email, author_key);
  header.author_time = absl::FromUnixSeconds(writer->author_time);
  header.commit_time = absl::FromUnixSeconds(commit.commit_time);
  header.is_merge = commit.is_merge;
  header.kind = KindByMessage(commit.message);
  const PatchIdentity identity = IdentifyPatch(*changes);
  header.patch_id = identity.forward;
  header.inverse_patch_id = identity.inverse;
  header.files_skipped = static_cast<std::uint32_t>(changes->skipped.size());

  std::vector<FileLines> files;
  for (const code_analysis::FileChange& change : changes->files) {
    files.emplace_back(change);
    const ChangedFile& file =
        scanned.commit.files.emplace_back(files.back().Summary());
    ++header.files;
    if (file.generated) ++header.files_generated;
    if (file.kind == ChangeKind::kRenamed) ++header.renames;
  }
  FindMoves(files);
  for (FileLines& file : files) {
    file.Take(scanned.commit);
    scanned.steps.push_back(std::move(file.step()));
  }
  for (const AddedCode& line : scanned.commit.lines) {
    if (line.counted) ++header.counted_lines;
  }
  return scanned;
}

}  // namespace evalloop::prompt_engine
