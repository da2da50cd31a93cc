#ifndef EVALLOOP_SCORER_STREAM_ORACLE_HANDLER_H_
#define EVALLOOP_SCORER_STREAM_ORACLE_HANDLER_H_

#include <span>
#include <string>
#include <utility>

#include "platform/base/clock.h"
#include "platform/base/outbox.h"
#include "platform/delivery/transactional_consumer.h"
#include "scorer/domain/functional.h"
#include "scorer/domain/oracle.h"

namespace evalloop::scorer {

// Finds out how strong hidden tests are (OracleTask) and tells (OracleChecked).
// Takes up to two minutes an item.
class OracleHandler final : public delivery::BatchHandler {
 public:
  // All outlive this object. `topic` is the full name of oracle.checked.
  OracleHandler(FunctionalTests& tests, base::Outbox& outbox,
                base::Clock& clock, std::string topic,
                OracleOptions options = {})
      : tests_(tests),
        outbox_(outbox),
        clock_(clock),
        topic_(std::move(topic)),
        options_(options) {}

  absl::Status Handle(base::UnitOfWork& work,
                      std::span<const kafka::Record* const> fresh) override;

 private:
  // Also of what could not be found out, with the reason.
  // `below`: bytes of the suffix.
  OracleReport Check(const FunctionalCase& right, std::size_t below) const;

  FunctionalTests& tests_;
  base::Outbox& outbox_;
  base::Clock& clock_;
  const std::string topic_;
  const OracleOptions options_;
};

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_STREAM_ORACLE_HANDLER_H_
