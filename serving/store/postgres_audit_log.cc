#include "serving/store/postgres_audit_log.h"

#include <pqxx/pqxx>
#include <string>
#include <utility>

#include "fmt/format.h"
#include "platform/postgres/guard.h"
#include "platform/postgres/transactor.h"
#include "platform/postgres/values.h"

namespace evalloop::serving {
namespace {

constexpr std::int64_t kCheckedAtOnce = 1'000;
constexpr char kColumns[] =
    "sequence, call_id, occur_time, service, method, identity, role, prompt, "
    "outcome, details, request_id, hash";

AuditLine LineOf(const pqxx::row& row) {
  AuditLine line;
  line.sequence = row["sequence"].as<std::uint64_t>();
  line.call_id = row["call_id"].as<std::string>();
  line.occur_time = postgres::TimeOf(row["occur_time"]);
  line.service = row["service"].as<std::string>();
  line.method = row["method"].as<std::string>();
  line.identity = row["identity"].as<std::string>();
  line.role = access::RoleOf(row["role"].as<std::string>())
                  .value_or(access::Role::kNone);
  line.prompt = row["prompt"].as<std::string>();
  line.outcome = row["outcome"].as<std::string>();
  line.details = row["details"].as<std::string>();
  line.request_id = row["request_id"].as<std::string>();
  line.hash = row["hash"].as<std::string>();
  return line;
}

}  // namespace

absl::Status PostgresAuditLog::Append(base::UnitOfWork& work,
                                      std::span<AuditLine> lines) {
  return postgres::Guard([&] {
    pqxx::transaction_base& tx = postgres::Of(work);
    // One writer at a time: the chain has one end.
    const pqxx::row head =
        tx.exec1("SELECT sequence, hash FROM audit_head FOR UPDATE");
    auto sequence = head["sequence"].as<std::uint64_t>();
    auto hash = head["hash"].as<std::string>();
    for (AuditLine& line : lines) {
      line.sequence = ++sequence;
      line.hash = HashOf(line, hash);
      hash = line.hash;
      tx.exec_params(
          "INSERT INTO audit_lines (sequence, call_id, occur_time, service, "
          "method, identity, role, prompt, outcome, details, request_id, hash) "
          "VALUES ($1, $2, $3::timestamptz, $4, $5, $6, $7, $8, $9, $10, $11, "
          "$12)",
          line.sequence, line.call_id, postgres::Timestamp(line.occur_time),
          line.service, line.method, line.identity,
          std::string(access::NameOf(line.role)), line.prompt, line.outcome,
          line.details, line.request_id, line.hash);
    }
    tx.exec_params("UPDATE audit_head SET sequence = $1, hash = $2", sequence,
                   hash);
  });
}

absl::StatusOr<std::vector<AuditLine>> PostgresAuditLog::List(
    const AuditFilter& filter, std::uint64_t before, std::int64_t limit) {
  return postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    const pqxx::result rows = tx.exec_params(
        fmt::format("SELECT {} FROM audit_lines WHERE ($1 = 0 OR sequence < $1)"
                    " AND ($2 = '' OR prompt = $2) AND "
                    "($3 = '' OR identity = $3) AND ($4 = '' OR method = $4) "
                    "ORDER BY sequence DESC LIMIT $5",
                    kColumns),
        before, filter.prompt, filter.identity, filter.method, limit);
    std::vector<AuditLine> lines;
    for (const pqxx::row& row : rows) lines.push_back(LineOf(row));
    return lines;
  });
}

absl::StatusOr<AuditCheck> PostgresAuditLog::Check() {
  AuditChecker checker;
  // The head first: what is added meanwhile is past it, and not looked at.
  auto head = postgres::ReadOnly(pool_, [](pqxx::transaction_base& tx) {
    const pqxx::row row = tx.exec1("SELECT sequence, hash FROM audit_head");
    return std::pair(row["sequence"].as<std::uint64_t>(),
                     row["hash"].as<std::string>());
  });
  if (!head.ok()) return head.status();
  std::uint64_t after = 0;
  while (true) {
    auto page = postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
      const pqxx::result rows = tx.exec_params(
          fmt::format("SELECT {} FROM audit_lines WHERE sequence > $1 AND "
                      "sequence <= $2 ORDER BY sequence LIMIT $3",
                      kColumns),
          after, head->first, kCheckedAtOnce);
      std::vector<AuditLine> lines;
      for (const pqxx::row& row : rows) lines.push_back(LineOf(row));
      return lines;
    });
    if (!page.ok()) return page.status();
    if (page->empty()) break;
    for (const AuditLine& line : *page) checker.See(line);
    after = page->back().sequence;
  }
  return checker.Done(head->first, head->second);
}

}  // namespace evalloop::serving
