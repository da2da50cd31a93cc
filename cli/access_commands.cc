#include <fmt/format.h>
#include <google/protobuf/util/time_util.h>

#include <cctype>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "cli/access_peer.h"
#include "cli/commands.h"
#include "platform/base/reason.h"
#include "protos/timestamps.h"

namespace evalloop::cli {
namespace {

using google::protobuf::util::TimeUtil;

constexpr std::uint32_t kPage = 1000;
constexpr char kRolePrefix[] = "ROLE_";

std::string RoleName(v1::Role role) {
  std::string name = v1::Role_Name(role);
  name.erase(0, sizeof(kRolePrefix) - 1);
  for (char& c : name) c = static_cast<char>(std::tolower(c));
  return name;
}

absl::StatusOr<v1::Role> RoleOf(std::string name) {
  for (char& c : name) c = static_cast<char>(std::toupper(c));
  v1::Role role = v1::ROLE_UNSPECIFIED;
  if (!v1::Role_Parse(kRolePrefix + name, &role) ||
      role == v1::ROLE_UNSPECIFIED) {
    return base::FieldError(
        "role", "is none",
        "write reader, feedback, runner, publisher or admin");
  }
  return role;
}

std::string Joined(const google::protobuf::RepeatedPtrField<std::string>& all) {
  std::string text;
  for (const std::string& one : all) text += (text.empty() ? "" : " ") + one;
  return text.empty() ? "all" : text;
}

std::string StateOf(const v1::AccessKey& key) {
  if (key.has_revoke_time()) return "revoked";
  if (!key.has_expire_time()) return "good";
  return v1::FromTimestamp(key.expire_time()) <= absl::Now()
             ? "expired"
             : "until " + TimeUtil::ToString(key.expire_time()).substr(0, 10);
}

}  // namespace

Outcome KeyCreate(Session& session, const KeyCreateFlags& flags) {
  v1::CreateKeyRequest request;
  request.set_name(flags.name);
  const auto role = RoleOf(flags.role);
  if (!role.ok()) return role.status();
  request.set_role(*role);
  for (const std::string& prompt : flags.prompts) request.add_prompts(prompt);
  if (flags.expires_days > 0) {
    *request.mutable_expire_time() =
        v1::ToTimestamp(absl::Now() + absl::Hours(24 * flags.expires_days));
  }
  // Twice would be two keys: not tried again.
  const auto made = Call(session.peers, &Access::CreateKey, request,
                         std::chrono::seconds(60), std::chrono::seconds(0));
  if (!made.ok()) return made.status();
  if (session.terminal.json()) {
    session.terminal.Json(*made);
    return ExitCode::kPassed;
  }
  session.terminal.Talk(fmt::format("{}, {} of {}: this token is shown once",
                                    made->key().key_id(), RoleName(*role),
                                    Joined(made->key().prompts())));
  session.terminal.Data(made->token());
  return ExitCode::kPassed;
}

Outcome KeyList(Session& session) {
  v1::ListKeysRequest request;
  request.mutable_page()->set_page_size(kPage);
  const auto list = Call(session.peers, &Access::ListKeys, request);
  if (!list.ok()) return list.status();
  if (session.terminal.json()) {
    session.terminal.Json(*list);
    return ExitCode::kPassed;
  }
  std::vector<std::vector<std::string>> rows = {
      {"key", "name", "role", "prompts", "made by", "state"}};
  for (const v1::AccessKey& key : list->keys()) {
    rows.push_back({key.key_id(), key.name(), RoleName(key.role()),
                    Joined(key.prompts()), key.creator(), StateOf(key)});
  }
  session.terminal.Data(Table(rows));
  return ExitCode::kPassed;
}

Outcome KeyRevoke(Session& session, const std::string& key_id,
                  const std::string& reason) {
  v1::RevokeKeyRequest request;
  request.set_key_id(key_id);
  request.set_reason(reason);
  const auto revoked = Call(session.peers, &Access::RevokeKey, request);
  if (!revoked.ok()) return revoked.status();
  if (session.terminal.json()) {
    session.terminal.Json(revoked->key());
  } else {
    session.terminal.Data(fmt::format("{} is revoked", key_id));
  }
  return ExitCode::kPassed;
}

Outcome Audit(Session& session, const AuditFlags& flags) {
  if (flags.check) {
    const auto check =
        Call(session.peers, &Access::CheckAuditLog, v1::CheckAuditLogRequest());
    if (!check.ok()) return check.status();
    const bool whole = check->first_bad_sequence() == 0;
    if (session.terminal.json()) {
      session.terminal.Json(*check);
    } else {
      session.terminal.Data(
          whole ? fmt::format("{} lines, whole; the last hash is {}",
                              check->entries(), check->last_hash())
                : fmt::format("line {} was changed or is gone",
                              check->first_bad_sequence()));
    }
    return whole ? ExitCode::kPassed : ExitCode::kFailedGate;
  }
  v1::ListAuditEntriesRequest request;
  request.mutable_page()->set_page_size(flags.lines);
  request.set_prompt(flags.prompt);
  request.set_identity(flags.identity);
  request.set_method(flags.method);
  const auto list = Call(session.peers, &Access::ListAuditEntries, request);
  if (!list.ok()) return list.status();
  if (session.terminal.json()) {
    session.terminal.Json(*list);
    return ExitCode::kPassed;
  }
  std::vector<std::vector<std::string>> rows = {
      {"line", "when", "who", "method", "prompt", "outcome", "what"}};
  for (const v1::AuditEntry& entry : list->entries()) {
    rows.push_back({fmt::format("{}", entry.sequence()),
                    TimeUtil::ToString(entry.occur_time()).substr(0, 19),
                    entry.identity(), entry.method(), entry.prompt(),
                    entry.outcome(), entry.details()});
  }
  session.terminal.Data(Table(rows));
  return ExitCode::kPassed;
}

}  // namespace evalloop::cli
