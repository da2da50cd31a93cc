#ifndef EVALLOOP_SERVING_DOMAIN_MODEL_CATALOG_H_
#define EVALLOOP_SERVING_DOMAIN_MODEL_CATALOG_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/base/clock.h"
#include "platform/base/unit_of_work.h"
#include "serving/domain/library.h"
#include "serving/domain/model.h"
#include "serving/domain/provider.h"

namespace evalloop::serving {

// Models as rows. Thread-safe.
class ModelStore {
 public:
  virtual ~ModelStore() = default;

  // Inserts or replaces by name; keeps the first create_time, and answers what
  // stands now.
  virtual absl::StatusOr<Model> Put(base::UnitOfWork& work,
                                    const Model& model) = 0;
  // Sets `retired`. NotFound.
  virtual absl::StatusOr<Model> Retire(base::UnitOfWork& work,
                                       std::string_view name,
                                       std::string_view reason) = 0;
  // NotFound.
  virtual absl::StatusOr<Model> Get(std::string_view name) = 0;
  // By name, those after `after`; retired ones too.
  virtual absl::StatusOr<std::vector<Model>> List(std::string_view after,
                                                  std::int64_t limit) = 0;
};

// Tells every replica of a model.
class ModelEvents {
 public:
  virtual ~ModelEvents() = default;
  virtual absl::Status Registered(base::UnitOfWork& work,
                                  const Model& model) = 0;
};

// Makes models known and takes them away. Thread-safe.
class ModelCatalog {
 public:
  static constexpr std::chrono::milliseconds kProbeTimeout{3'000};

  // All references outlive this object.
  ModelCatalog(base::Transactor& transactor, ModelStore& store,
               ModelEvents& events, Provider& provider, Library& library,
               base::Clock& clock);

  // InvalidArgument names the field. FailedPrecondition: nothing answers at
  // base_url: a model that can't be called isn't registered.
  absl::StatusOr<Model> Register(Model model);
  // NotFound.
  absl::StatusOr<Model> Retire(std::string_view name, std::string_view reason);
  absl::StatusOr<Model> Get(std::string_view name) { return store_.Get(name); }
  absl::StatusOr<std::vector<Model>> List(std::string_view after,
                                          std::int64_t limit) {
    return store_.List(after, limit);
  }

 private:
  base::Transactor& transactor_;
  ModelStore& store_;
  ModelEvents& events_;
  Provider& provider_;
  Library& library_;
  base::Clock& clock_;
};

}  // namespace evalloop::serving

#endif  // EVALLOOP_SERVING_DOMAIN_MODEL_CATALOG_H_
