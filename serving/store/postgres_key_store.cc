#include "serving/store/postgres_key_store.h"

#include <optional>
#include <pqxx/pqxx>
#include <string>

#include "fmt/format.h"
#include "platform/base/reason.h"
#include "platform/postgres/arrays.h"
#include "platform/postgres/guard.h"
#include "platform/postgres/transactor.h"
#include "platform/postgres/values.h"

namespace evalloop::serving {
namespace {

constexpr char kColumns[] =
    "key_id, name, role, prompts, expire_time, create_time, revoke_time, "
    "creator, revoker, token_mac";

AccessKey KeyOf(const pqxx::row& row) {
  AccessKey key;
  key.id = row["key_id"].as<std::string>();
  key.name = row["name"].as<std::string>();
  key.role = access::RoleOf(row["role"].as<std::string>())
                 .value_or(access::Role::kNone);
  key.prompts = postgres::TextsOf(row["prompts"]);
  if (!row["expire_time"].is_null()) {
    key.expire_time = postgres::TimeOf(row["expire_time"]);
  }
  key.create_time = postgres::TimeOf(row["create_time"]);
  if (!row["revoke_time"].is_null()) {
    key.revoke_time = postgres::TimeOf(row["revoke_time"]);
  }
  key.creator = row["creator"].as<std::string>();
  key.revoker = row["revoker"].as<std::string>();
  key.mac = postgres::BytesOf(row["token_mac"]);
  return key;
}

}  // namespace

absl::Status PostgresKeyStore::Insert(base::UnitOfWork& work,
                                      const AccessKey& key) {
  return postgres::Guard([&] {
    std::optional<std::string> expire;
    if (key.expire_time) expire = postgres::Timestamp(*key.expire_time);
    postgres::Of(work).exec_params(
        "INSERT INTO access_keys (key_id, name, role, prompts, expire_time, "
        "create_time, creator, token_mac) VALUES ($1, $2, $3, $4::text[], "
        "$5::timestamptz, $6::timestamptz, $7, $8)",
        key.id, key.name, std::string(access::NameOf(key.role)),
        postgres::TextArray(key.prompts), expire,
        postgres::Timestamp(key.create_time), key.creator,
        postgres::Bytes(key.mac));
  });
}

absl::StatusOr<AccessKey> PostgresKeyStore::Revoke(base::UnitOfWork& work,
                                                   std::string_view id,
                                                   std::string_view revoker,
                                                   absl::Time time) {
  return postgres::Guard([&]() -> absl::StatusOr<AccessKey> {
    const pqxx::result rows = postgres::Of(work).exec_params(
        fmt::format(
            "UPDATE access_keys SET "
            "revoke_time = coalesce(revoke_time, $2::timestamptz), "
            "revoker = CASE WHEN revoke_time IS NULL THEN $3 ELSE revoker END "
            "WHERE key_id = $1 RETURNING {}",
            kColumns),
        std::string(id), postgres::Timestamp(time), std::string(revoker));
    if (rows.empty()) {
      return base::WithReason(absl::NotFoundError(fmt::format("no key {}", id)),
                              "KEY_NOT_FOUND");
    }
    return KeyOf(rows[0]);
  });
}

absl::StatusOr<std::vector<AccessKey>> PostgresKeyStore::List(
    const KeyCursor& cursor, std::int64_t limit) {
  return postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    std::optional<std::string> before;
    if (cursor.create_time != absl::InfiniteFuture()) {
      before = postgres::Timestamp(cursor.create_time);
    }
    const pqxx::result rows = tx.exec_params(
        fmt::format(
            "SELECT {} FROM access_keys WHERE $1::timestamptz IS NULL OR "
            "(create_time, key_id) < ($1::timestamptz, $2) "
            "ORDER BY create_time DESC, key_id DESC LIMIT $3",
            kColumns),
        before, cursor.id, limit);
    std::vector<AccessKey> keys;
    for (const pqxx::row& row : rows) keys.push_back(KeyOf(row));
    return keys;
  });
}

}  // namespace evalloop::serving
