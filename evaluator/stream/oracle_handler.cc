#include "evaluator/stream/oracle_handler.h"

#include "evalloop/v1/events.pb.h"
#include "evaluator/translate/translate.h"

namespace evalloop::evaluator {

absl::Status OracleHandler::Handle(
    base::UnitOfWork& work, std::span<const kafka::Record* const> fresh) {
  for (const kafka::Record* record : fresh) {
    v1::Event event;
    if (!event.ParseFromString(record->payload) ||
        !event.has_oracle_checked()) {
      return absl::InvalidArgumentError("payload is no oracle_checked");
    }
    const v1::OracleChecked& checked = event.oracle_checked();
    if (auto stored = benchmarks_.RecordOracle(
            work, checked.benchmark(), checked.benchmark_version(),
            checked.item_id(), FromProto(checked.report()));
        !stored.ok()) {
      return stored;
    }
  }
  return absl::OkStatus();
}

}  // namespace evalloop::evaluator
