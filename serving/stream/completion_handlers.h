#ifndef EVALLOOP_SERVING_STREAM_COMPLETION_HANDLERS_H_
#define EVALLOOP_SERVING_STREAM_COMPLETION_HANDLERS_H_

#include <span>

#include "platform/delivery/transactional_consumer.h"
#include "serving/domain/settlement.h"

namespace evalloop::serving {

// Makes rows of completion.served.
class ServedHandler final : public delivery::BatchHandler {
 public:
  explicit ServedHandler(Settlement& settlement) : settlement_(settlement) {}
  absl::Status Handle(base::UnitOfWork& work,
                      std::span<const kafka::Record* const> fresh) override;

 private:
  Settlement& settlement_;
};

// Makes rows of completion.feedback.
class FeedbackHandler final : public delivery::BatchHandler {
 public:
  explicit FeedbackHandler(Settlement& settlement) : settlement_(settlement) {}
  absl::Status Handle(base::UnitOfWork& work,
                      std::span<const kafka::Record* const> fresh) override;

 private:
  Settlement& settlement_;
};

}  // namespace evalloop::serving

#endif  // EVALLOOP_SERVING_STREAM_COMPLETION_HANDLERS_H_
