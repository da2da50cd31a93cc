#include "serving/service/access_service.h"

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "fmt/format.h"
#include "platform/base/reason.h"
#include "platform/rpc/handler.h"
#include "protos/timestamps.h"
#include "serving/translate/access.h"

namespace evalloop::serving {
namespace {

constexpr std::uint32_t kDefaultPage = 50;
constexpr std::uint32_t kMaxPage = 1'000;

absl::StatusOr<std::int64_t> PageSize(const v1::PageRequest& page) {
  if (page.page_size() == 0) return kDefaultPage;
  if (page.page_size() > kMaxPage) {
    return base::FieldError("page.page_size", "is over 1000");
  }
  return page.page_size();
}

absl::Status BadToken() {
  return base::FieldError("page.page_token", "is none that we gave");
}

// "microseconds/key id" of the last row of a page.
absl::StatusOr<KeyCursor> CursorOf(std::string_view token) {
  KeyCursor cursor;
  if (token.empty()) return cursor;
  std::int64_t micros = 0;
  const char* const last = token.data() + token.size();
  const auto [end, error] = std::from_chars(token.data(), last, micros);
  if (error != std::errc() || end == last || *end != '/') return BadToken();
  cursor.create_time = absl::FromUnixMicros(micros);
  cursor.id = std::string(end + 1, last);
  return cursor;
}

absl::StatusOr<std::uint64_t> SequenceOf(std::string_view token) {
  std::uint64_t sequence = 0;
  if (token.empty()) return sequence;
  const char* const last = token.data() + token.size();
  const auto [end, error] = std::from_chars(token.data(), last, sequence);
  if (error != std::errc() || end != last || sequence == 0) return BadToken();
  return sequence;
}

}  // namespace

grpc::ServerUnaryReactor* AccessServiceImpl::CreateKey(
    grpc::CallbackServerContext* context, const v1::CreateKeyRequest* request,
    v1::CreateKeyResponse* response) {
  return rpc::Unary(
      context, executor_, request, response,
      [this](const v1::CreateKeyRequest& in, v1::CreateKeyResponse& out,
             const rpc::Call& call) -> absl::Status {
        KeyOrder order{.name = in.name(),
                       .role = access::RoleOf(static_cast<int>(in.role())),
                       .prompts = {in.prompts().begin(), in.prompts().end()}};
        if (in.has_expire_time())
          order.expire_time = v1::FromTimestamp(in.expire_time());
        const auto made = keys_.Create(call.identity(), std::move(order));
        if (!made.ok()) return made.status();
        ToProto(made->key, *out.mutable_key());
        out.set_token(made->token);
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* AccessServiceImpl::ListKeys(
    grpc::CallbackServerContext* context, const v1::ListKeysRequest* request,
    v1::ListKeysResponse* response) {
  return rpc::Unary(
      context, executor_, request, response,
      [this](const v1::ListKeysRequest& in,
             v1::ListKeysResponse& out) -> absl::Status {
        const auto size = PageSize(in.page());
        if (!size.ok()) return size.status();
        const auto cursor = CursorOf(in.page().page_token());
        if (!cursor.ok()) return cursor.status();
        auto keys = keys_.List(*cursor, *size + 1);
        if (!keys.ok()) return keys.status();
        if (static_cast<std::int64_t>(keys->size()) > *size) {
          keys->resize(static_cast<std::size_t>(*size));
          out.set_next_page_token(
              fmt::format("{}/{}", absl::ToUnixMicros(keys->back().create_time),
                          keys->back().id));
        }
        for (const AccessKey& key : *keys) ToProto(key, *out.add_keys());
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* AccessServiceImpl::RevokeKey(
    grpc::CallbackServerContext* context, const v1::RevokeKeyRequest* request,
    v1::RevokeKeyResponse* response) {
  return rpc::Unary(
      context, executor_, request, response,
      [this](const v1::RevokeKeyRequest& in, v1::RevokeKeyResponse& out,
             const rpc::Call& call) -> absl::Status {
        if (in.key_id().empty()) {
          return base::FieldError("key_id", "is required");
        }
        const auto key = keys_.Revoke(call.identity(), in.key_id());
        if (!key.ok()) return key.status();
        ToProto(*key, *out.mutable_key());
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* AccessServiceImpl::ListAuditEntries(
    grpc::CallbackServerContext* context,
    const v1::ListAuditEntriesRequest* request,
    v1::ListAuditEntriesResponse* response) {
  return rpc::Unary(
      context, executor_, request, response,
      [this](const v1::ListAuditEntriesRequest& in,
             v1::ListAuditEntriesResponse& out) -> absl::Status {
        const auto size = PageSize(in.page());
        if (!size.ok()) return size.status();
        const auto before = SequenceOf(in.page().page_token());
        if (!before.ok()) return before.status();
        auto lines = log_.List({.prompt = in.prompt(),
                                .identity = in.identity(),
                                .method = in.method()},
                               *before, *size + 1);
        if (!lines.ok()) return lines.status();
        if (static_cast<std::int64_t>(lines->size()) > *size) {
          lines->resize(static_cast<std::size_t>(*size));
          out.set_next_page_token(fmt::format("{}", lines->back().sequence));
        }
        for (const AuditLine& line : *lines) ToProto(line, *out.add_entries());
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* AccessServiceImpl::CheckAuditLog(
    grpc::CallbackServerContext* context,
    const v1::CheckAuditLogRequest* request,
    v1::CheckAuditLogResponse* response) {
  return rpc::Unary(context, executor_, request, response,
                    [this](const v1::CheckAuditLogRequest&,
                           v1::CheckAuditLogResponse& out) -> absl::Status {
                      const auto check = log_.Check();
                      if (!check.ok()) return check.status();
                      out.set_entries(check->lines);
                      out.set_first_bad_sequence(check->first_bad);
                      out.set_last_hash(check->last_hash);
                      return absl::OkStatus();
                    });
}

}  // namespace evalloop::serving
