#ifndef EVALLOOP_EVALUATOR_STREAM_MODEL_HANDLER_H_
#define EVALLOOP_EVALUATOR_STREAM_MODEL_HANDLER_H_

#include <span>

#include "evaluator/domain/ports.h"
#include "platform/delivery/transactional_consumer.h"

namespace evalloop::evaluator {

// Writes down where models' training data ends, as they are registered.
// Thread-safe.
class ModelHandler final : public delivery::BatchHandler {
 public:
  // `models` outlives this object.
  explicit ModelHandler(ModelStore& models) : models_(models) {}

  absl::Status Handle(base::UnitOfWork& work,
                      std::span<const kafka::Record* const> fresh) override;

 private:
  ModelStore& models_;
};

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_STREAM_MODEL_HANDLER_H_
