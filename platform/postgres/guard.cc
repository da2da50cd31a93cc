#include "platform/postgres/guard.h"

#include <pqxx/pqxx>
#include <string>
#include <string_view>

#include "absl/strings/cord.h"
#include "platform/base/text.h"
#include "platform/postgres/pool.h"

namespace evalloop::postgres {
namespace {

using base::A;

constexpr std::string_view kSqlState = "evalloop.dev/sqlstate";

// The first line alone: the next ones quote the statement, and this is logged.
absl::Status Make(absl::StatusCode code, std::string_view what,
                  std::string_view sqlstate = "") {
  what = what.substr(0, what.find('\n'));
  absl::Status status(code, A(what));
  if (!sqlstate.empty()) {
    status.SetPayload(A(kSqlState), absl::Cord(A(sqlstate)));
  }
  return status;
}

absl::StatusCode CodeOf(std::string_view sqlstate) {
  using enum absl::StatusCode;
  if (sqlstate == "40001" || sqlstate == "40P01") return kAborted;
  if (sqlstate == "23505") return kAlreadyExists;
  if (sqlstate == "57014" || sqlstate == "55P03") return kDeadlineExceeded;
  const std::string_view category = sqlstate.substr(0, 2);
  if (category == "08" || category == "57") return kUnavailable;
  if (category == "53") return kResourceExhausted;
  if (category == "22") return kInvalidArgument;
  if (category == "23" || category == "42" || category == "3F") {
    return kFailedPrecondition;
  }
  return kInternal;
}

}  // namespace

absl::Status ToStatus(std::exception_ptr error) {
  using enum absl::StatusCode;
  try {
    std::rethrow_exception(error);
  } catch (const PoolExhausted& e) {
    return Make(kResourceExhausted, e.what());
  } catch (const pqxx::in_doubt_error& e) {
    return Make(kUnavailable, e.what());
  } catch (const pqxx::statement_completion_unknown& e) {
    return Make(kUnavailable, e.what());
  } catch (const pqxx::broken_connection& e) {
    return Make(kUnavailable, e.what());
  } catch (const pqxx::deadlock_detected& e) {
    return Make(kAborted, e.what(), "40P01");
  } catch (const pqxx::serialization_failure& e) {
    return Make(kAborted, e.what(), "40001");
  } catch (const pqxx::transaction_rollback& e) {
    return Make(kAborted, e.what(), "40000");
  } catch (const pqxx::insufficient_privilege& e) {
    return Make(kFailedPrecondition, e.what(), "42501");
  } catch (const pqxx::sql_error& e) {
    const std::string state = e.sqlstate();
    return Make(CodeOf(state), e.what(), state);
  } catch (const std::exception& e) {
    return Make(kInternal, e.what());
  }
}

bool IsRetryable(const absl::Status& status) {
  const auto state = status.GetPayload(A(kSqlState));
  return state.has_value() && (*state == "40001" || *state == "40P01");
}

}  // namespace evalloop::postgres
