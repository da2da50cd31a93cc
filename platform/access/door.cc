#include "platform/access/door.h"

#include <utility>

namespace evalloop::access {
namespace {

class Door final : public Gatekeeper {
 public:
  Door(DoorOptions options, base::Clock& clock)
      : options_(std::move(options)),
        clock_(clock),
        services_(NewTokenGatekeeper(options_.token)) {}

  bool open() const override { return services_->open(); }

  absl::StatusOr<Identity> Identify(
      std::string_view authorization) const override {
    auto known = services_->Identify(authorization);
    if (known.ok()) return known;
    const auto token = BearerToken(authorization);
    if (!token) return BadToken();
    if (KeyIdOf(*token)) {
      if (options_.pepper.empty() || options_.ring == nullptr) {
        return BadToken();
      }
      auto holder =
          HolderOf(*token, options_.pepper, *options_.ring, clock_.Now());
      if (!holder) return BadToken();
      return *std::move(holder);
    }
    if (options_.verifier == nullptr) return BadToken();
    return options_.verifier->Verify(*token);
  }

 private:
  const DoorOptions options_;
  base::Clock& clock_;
  const std::shared_ptr<const Gatekeeper> services_;
};

}  // namespace

std::shared_ptr<const Gatekeeper> NewDoor(DoorOptions options,
                                          base::Clock& clock) {
  return std::make_shared<Door>(std::move(options), clock);
}

}  // namespace evalloop::access
