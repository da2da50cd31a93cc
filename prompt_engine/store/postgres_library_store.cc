#include "prompt_engine/store/postgres_library_store.h"

#include <algorithm>
#include <limits>
#include <map>
#include <pqxx/pqxx>

#include "platform/postgres/guard.h"
#include "platform/postgres/listed.h"
#include "platform/postgres/transactor.h"
#include "platform/postgres/values.h"
#include "prompt_engine/store/lists.h"

namespace evalloop::prompt_engine {
namespace {

using postgres::BytesOf;
using postgres::Guard;
using postgres::Of;
using postgres::TimeOf;
using postgres::Timestamp;

constexpr char kRevisionColumns[] =
    "prompt, version, digest, content, content_json::text, message, author, "
    "parent_version, created_at, published_at, gate_id, verdict, "
    "override_reason";

Revision RevisionOf(const pqxx::row& row) {
  Revision revision;
  revision.prompt = row[0].as<std::string>();
  revision.version = row[1].as<std::uint32_t>();
  revision.digest = row[2].as<std::string>();
  revision.content.bytes = BytesOf(row[3]);
  revision.content.json = row[4].as<std::string>();
  revision.message = row[5].as<std::string>();
  revision.author = row[6].as<std::string>();
  revision.parent_version = row[7].as<std::uint32_t>();
  revision.create_time = TimeOf(row[8]);
  if (!row[9].is_null()) {
    revision.publication = {TimeOf(row[9]), row[10].as<std::string>(),
                            static_cast<Verdict>(row[11].as<int>()),
                            row[12].as<std::string>()};
  }
  return revision;
}

PromptSummary SummaryOf(const pqxx::row& row) {
  PromptSummary prompt;
  prompt.name = row[0].as<std::string>();
  prompt.latest_version = row[1].as<std::uint32_t>();
  prompt.create_time = TimeOf(row[2]);
  return prompt;
}

std::optional<Revision> FirstRevision(const pqxx::result& rows) {
  if (rows.empty()) return std::nullopt;
  return RevisionOf(rows[0]);
}

constexpr char kLabelColumns[] =
    "prompt, label, version, digest, protected, sequence, moved_at";

Label LabelOf(const pqxx::row& row) {
  Label label;
  label.prompt = row[0].as<std::string>();
  label.label = row[1].as<std::string>();
  label.version = row[2].as<std::uint32_t>();
  label.digest = row[3].as<std::string>();
  label.is_protected = row[4].as<bool>();
  label.sequence = row[5].as<std::uint64_t>();
  label.move_time = TimeOf(row[6]);
  return label;
}

constexpr char kHistoryColumns[] =
    "id, at, act, label, from_version, to_version, author, reason";

HistoryEntry EntryOf(const pqxx::row& row) {
  HistoryEntry entry;
  entry.id = row[0].as<std::int64_t>();
  entry.time = TimeOf(row[1]);
  entry.act = row[2].as<std::string>();
  entry.label = row[3].as<std::string>();
  entry.from_version = row[4].as<std::uint32_t>();
  entry.to_version = row[5].as<std::uint32_t>();
  entry.author = row[6].as<std::string>();
  entry.reason = row[7].as<std::string>();
  return entry;
}

std::string Select(const char* columns, const char* rest) {
  return std::string("SELECT ") + columns + " FROM " + rest;
}

}  // namespace

absl::StatusOr<std::optional<std::uint32_t>> PostgresLibraryStore::LockPrompt(
    base::UnitOfWork& work, std::string_view prompt,
    std::optional<absl::Time> create_time) {
  return Guard([&]() -> std::optional<std::uint32_t> {
    auto& tx = Of(work);
    if (create_time) {
      tx.exec_params(
          "INSERT INTO prompt (name, created_at) VALUES ($1, $2::timestamptz) "
          "ON CONFLICT (name) DO NOTHING",
          std::string(prompt), Timestamp(*create_time));
    }
    const auto rows = tx.exec_params(
        "SELECT latest_version FROM prompt WHERE name = $1 FOR UPDATE",
        std::string(prompt));
    if (rows.empty()) return std::nullopt;
    return rows[0][0].as<std::uint32_t>();
  });
}

absl::StatusOr<std::optional<Revision>> PostgresLibraryStore::FindVersion(
    base::UnitOfWork& work, std::string_view prompt, std::uint32_t version) {
  return Guard([&] {
    return FirstRevision(Of(work).exec_params(
        Select(kRevisionColumns, "revision WHERE prompt = $1 AND version = $2"),
        std::string(prompt), version));
  });
}

absl::StatusOr<std::optional<Revision>> PostgresLibraryStore::FindDigest(
    base::UnitOfWork& work, std::string_view prompt, std::string_view digest) {
  return Guard([&] {
    return FirstRevision(Of(work).exec_params(
        Select(kRevisionColumns,
               "revision WHERE digest = $2 AND ($1 = '' OR prompt = $1) "
               "ORDER BY created_at, prompt LIMIT 1"),
        std::string(prompt), std::string(digest)));
  });
}

absl::StatusOr<std::optional<Revision>> PostgresLibraryStore::FindRequest(
    base::UnitOfWork& work, std::string_view prompt,
    std::string_view request_id, absl::Time since) {
  return Guard([&] {
    return FirstRevision(Of(work).exec_params(
        Select(kRevisionColumns,
               "revision WHERE prompt = $1 AND request_id = $2 "
               "AND created_at > $3::timestamptz LIMIT 1"),
        std::string(prompt), std::string(request_id), Timestamp(since)));
  });
}

absl::Status PostgresLibraryStore::AddRevision(base::UnitOfWork& work,
                                               const Revision& revision,
                                               std::string_view request_id) {
  return Guard([&] {
    auto& tx = Of(work);
    tx.exec_params(
        "INSERT INTO revision (prompt, version, digest, content, content_json, "
        "message, author, parent_version, request_id, created_at) VALUES "
        "($1, $2, $3, $4, $5::jsonb, $6, $7, $8, nullif($9, ''), "
        "$10::timestamptz)",
        revision.prompt, revision.version, revision.digest,
        postgres::Bytes(revision.content.bytes), revision.content.json,
        revision.message, revision.author, revision.parent_version,
        std::string(request_id), Timestamp(revision.create_time));
    tx.exec_params("UPDATE prompt SET latest_version = $2 WHERE name = $1",
                   revision.prompt, revision.version);
  });
}

absl::Status PostgresLibraryStore::SetPublication(
    base::UnitOfWork& work, std::string_view prompt, std::uint32_t version,
    const Publication& publication) {
  return Guard([&] {
    Of(work).exec_params(
        "UPDATE revision SET published_at = $3::timestamptz, gate_id = $4, "
        "verdict = $5, override_reason = $6 "
        "WHERE prompt = $1 AND version = $2",
        std::string(prompt), version, Timestamp(publication.time),
        publication.gate_id, static_cast<int>(publication.verdict),
        publication.override_reason);
  });
}

absl::StatusOr<std::optional<Label>> PostgresLibraryStore::FindLabel(
    base::UnitOfWork& work, std::string_view prompt, std::string_view label) {
  return Guard([&]() -> std::optional<Label> {
    const auto rows = Of(work).exec_params(
        Select(kLabelColumns, "label WHERE prompt = $1 AND label = $2"),
        std::string(prompt), std::string(label));
    if (rows.empty()) return std::nullopt;
    return LabelOf(rows[0]);
  });
}

absl::Status PostgresLibraryStore::PutLabel(base::UnitOfWork& work,
                                            const Label& label) {
  return Guard([&] {
    Of(work).exec_params(
        "INSERT INTO label (prompt, label, version, digest, protected, "
        "sequence, moved_at) VALUES ($1, $2, $3, $4, $5, $6, $7::timestamptz) "
        "ON CONFLICT (prompt, label) DO UPDATE SET version = excluded.version, "
        "digest = excluded.digest, protected = excluded.protected, "
        "sequence = excluded.sequence, moved_at = excluded.moved_at",
        label.prompt, label.label, label.version, label.digest,
        label.is_protected, label.sequence, Timestamp(label.move_time));
  });
}

absl::Status PostgresLibraryStore::AddHistory(base::UnitOfWork& work,
                                              std::string_view prompt,
                                              const HistoryEntry& entry) {
  return Guard([&] {
    Of(work).exec_params(
        "INSERT INTO history (prompt, at, act, label, from_version, "
        "to_version, author, reason) "
        "VALUES ($1, $2::timestamptz, $3, $4, $5, $6, $7, $8)",
        std::string(prompt), Timestamp(entry.time), entry.act, entry.label,
        entry.from_version, entry.to_version, entry.author, entry.reason);
  });
}

absl::StatusOr<std::vector<HistoryEntry>> PostgresLibraryStore::MovesOf(
    base::UnitOfWork& work, std::string_view prompt, std::string_view label,
    int limit) {
  return Guard([&] {
    std::vector<HistoryEntry> entries;
    for (const auto& row : Of(work).exec_params(
             Select(kHistoryColumns,
                    "history WHERE prompt = $1 AND label = $2 AND act IN "
                    "('moved', 'rolled_back') ORDER BY id DESC LIMIT $3"),
             std::string(prompt), std::string(label), limit)) {
      entries.push_back(EntryOf(row));
    }
    std::reverse(entries.begin(), entries.end());
    return entries;
  });
}

absl::StatusOr<listing::Page<PromptSummary>> PostgresLibraryStore::ListPrompts(
    base::UnitOfWork& work, const listing::Request& request) {
  const auto query = listing::Query::Make(kPromptList, request, {});
  if (!query.ok()) return query.status();
  return Guard([&] {
    auto& tx = Of(work);
    const std::string sql = postgres::SelectPage(
        "p.name, p.latest_version, p.created_at", "prompt p", "true", *query);
    auto page =
        postgres::PageOf(*query, postgres::Select(tx, sql, *query), SummaryOf);
    std::map<std::string, PromptSummary*> by_name;
    std::vector<std::string> names;
    for (PromptSummary& prompt : page.items) {
      by_name[prompt.name] = &prompt;
      names.push_back(prompt.name);
    }
    for (const auto& row : tx.exec_params(
             Select(kLabelColumns,
                    "label WHERE prompt = ANY($1::text[]) ORDER BY label"),
             postgres::TextArray(names))) {
      Label label = LabelOf(row);
      by_name[label.prompt]->labels.push_back(std::move(label));
    }
    return page;
  });
}

absl::StatusOr<listing::Page<Revision>> PostgresLibraryStore::ListRevisions(
    base::UnitOfWork& work, std::string_view prompt,
    const listing::Request& request) {
  const auto query =
      listing::Query::Make(kRevisionList, request, {std::string(prompt)});
  if (!query.ok()) return query.status();
  return Guard([&] {
    const std::string sql = postgres::SelectPage(kRevisionColumns, "revision v",
                                                 "v.prompt = $1", *query);
    return postgres::PageOf(*query, postgres::Select(Of(work), sql, *query),
                            RevisionOf);
  });
}

absl::StatusOr<listing::Page<HistoryEntry>> PostgresLibraryStore::ListHistory(
    base::UnitOfWork& work, std::string_view prompt,
    const listing::Request& request) {
  const auto query =
      listing::Query::Make(kHistoryList, request, {std::string(prompt)});
  if (!query.ok()) return query.status();
  return Guard([&] {
    const std::string sql = postgres::SelectPage(kHistoryColumns, "history h",
                                                 "h.prompt = $1", *query);
    return postgres::PageOf(*query, postgres::Select(Of(work), sql, *query),
                            EntryOf);
  });
}

}  // namespace evalloop::prompt_engine
