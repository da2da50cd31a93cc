#ifndef EVALLOOP_EVALUATOR_STREAM_ORACLE_HANDLER_H_
#define EVALLOOP_EVALUATOR_STREAM_ORACLE_HANDLER_H_

#include <span>

#include "evaluator/domain/ports.h"
#include "platform/delivery/transactional_consumer.h"

namespace evalloop::evaluator {

// Writes down how strong items' hidden tests are. Thread-safe.
class OracleHandler final : public delivery::BatchHandler {
 public:
  // `benchmarks` outlives this object.
  explicit OracleHandler(BenchmarkStore& benchmarks)
      : benchmarks_(benchmarks) {}

  absl::Status Handle(base::UnitOfWork& work,
                      std::span<const kafka::Record* const> fresh) override;

 private:
  BenchmarkStore& benchmarks_;
};

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_STREAM_ORACLE_HANDLER_H_
