#include "serving/domain/model_catalog.h"

#include <utility>

#include "fmt/format.h"
#include "platform/base/reason.h"
#include "platform/base/text.h"

namespace evalloop::serving {

ModelCatalog::ModelCatalog(base::Transactor& transactor, ModelStore& store,
                           ModelEvents& events, Provider& provider,
                           Library& library, base::Clock& clock)
    : transactor_(transactor),
      store_(store),
      events_(events),
      provider_(provider),
      library_(library),
      clock_(clock) {}

absl::StatusOr<Model> ModelCatalog::Register(Model model) {
  while (model.base_url.ends_with('/')) model.base_url.pop_back();
  if (auto status = ValidateModel(model); !status.ok()) return status;
  if (auto status = provider_.Probe(model, kProbeTimeout); !status.ok()) {
    return base::WithReason(
        absl::FailedPreconditionError(base::A(fmt::format(
            "nothing answers at {} ({}); start the model server, then register "
            "the model again",
            model.base_url, base::S(status.message())))),
        "MODEL_UNREACHABLE", {{"base_url", model.base_url}});
  }
  model.create_time = clock_.Now();
  model.retired = false;
  Model stored;
  auto status = transactor_.Run([&](base::UnitOfWork& work) {
    auto put = store_.Put(work, model);
    if (!put.ok()) return put.status();
    stored = *std::move(put);
    return events_.Registered(work, stored);
  });
  if (!status.ok()) return status;
  // This replica need not wait for its own event.
  library_.Put(stored);
  return stored;
}

absl::StatusOr<Model> ModelCatalog::Retire(std::string_view name,
                                           std::string_view reason) {
  Model stored;
  auto status = transactor_.Run([&](base::UnitOfWork& work) {
    auto retired = store_.Retire(work, name, reason);
    if (!retired.ok()) return retired.status();
    stored = *std::move(retired);
    return events_.Registered(work, stored);
  });
  if (!status.ok()) return status;
  library_.Put(stored);
  return stored;
}

}  // namespace evalloop::serving
