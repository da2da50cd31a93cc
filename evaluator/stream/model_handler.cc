#include "evaluator/stream/model_handler.h"

#include "evalloop/v1/events.pb.h"
#include "protos/timestamps.h"

namespace evalloop::evaluator {

absl::Status ModelHandler::Handle(base::UnitOfWork& work,
                                  std::span<const kafka::Record* const> fresh) {
  for (const kafka::Record* record : fresh) {
    // A model that is gone had its runs; what is known of it stays.
    if (record->tombstone) continue;
    v1::Event event;
    if (!event.ParseFromString(record->payload) ||
        !event.has_model_registered()) {
      return absl::InvalidArgumentError("payload is no model_registered");
    }
    const v1::Model& model = event.model_registered().model();
    ModelCutoff cutoff{.model = model.name(), .time = std::nullopt};
    if (model.has_cutoff_time()) {
      cutoff.time = v1::FromTimestamp(model.cutoff_time());
    }
    if (auto stored = models_.Record(work, model.snapshot(), cutoff);
        !stored.ok()) {
      return stored;
    }
  }
  return absl::OkStatus();
}

}  // namespace evalloop::evaluator
