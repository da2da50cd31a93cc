#include "serving/domain/audit_log.h"

#include "fmt/format.h"
#include "platform/base/crypto.h"

namespace evalloop::serving {

std::string HashOf(const AuditLine& line, std::string_view previous) {
  std::string text;
  const auto add = [&text](std::string_view field) {
    text += fmt::format("{}:", field.size());
    text += field;
  };
  add(previous);
  add(fmt::format("{}", line.sequence));
  add(line.call_id);
  add(fmt::format("{}", absl::ToUnixMicros(line.occur_time)));
  add(line.service);
  add(line.method);
  add(line.identity);
  add(access::NameOf(line.role));
  add(line.prompt);
  add(line.outcome);
  add(line.details);
  add(line.request_id);
  return base::Sha256Hex(text);
}

void AuditChecker::See(const AuditLine& line) {
  if (check_.first_bad != 0) return;
  const std::uint64_t expected = check_.lines + 1;
  if (line.sequence != expected ||
      line.hash != HashOf(line, check_.last_hash)) {
    check_.first_bad = expected;
    return;
  }
  check_.lines = line.sequence;
  check_.last_hash = line.hash;
}

AuditCheck AuditChecker::Done(std::uint64_t head_sequence,
                              std::string_view head_hash) {
  if (check_.first_bad == 0 &&
      (head_sequence != check_.lines || head_hash != check_.last_hash)) {
    check_.first_bad =
        head_sequence > check_.lines ? check_.lines + 1 : check_.lines;
  }
  return check_;
}

}  // namespace evalloop::serving
