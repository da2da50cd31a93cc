#include "platform/access/access.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/match.h"
#include "platform/base/access.h"
#include "platform/base/reason.h"
#include "platform/base/text.h"

namespace evalloop::access {
namespace {

constexpr std::array<std::string_view, 6> kNames = {
    "none", "reader", "feedback", "runner", "publisher", "admin"};

class TokenGatekeeper final : public Gatekeeper {
 public:
  explicit TokenGatekeeper(std::string token) : token_(std::move(token)) {}

  bool open() const override { return token_.empty(); }

  absl::StatusOr<Identity> Identify(
      std::string_view authorization) const override {
    if (open()) {
      return Identity{
          .name = "anonymous", .role = Role::kAdmin, .speaks_for_others = true};
    }
    if (!base::BearerMatches(authorization, token_)) return BadToken();
    return Identity{
        .name = "services", .role = Role::kAdmin, .speaks_for_others = true};
  }

 private:
  const std::string token_;
};

}  // namespace

bool Covers(Role held, Role needed) {
  if (held == Role::kNone || needed == Role::kNone) return false;
  return held == needed || (held >= Role::kRunner && held > needed);
}

std::string_view NameOf(Role role) {
  return kNames[static_cast<std::size_t>(role)];
}

std::optional<Role> RoleOf(std::string_view name) {
  const auto found = std::find(kNames.begin() + 1, kNames.end(), name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<Role>(found - kNames.begin());
}

Role RoleOf(int number) {
  return number > 0 && number < static_cast<int>(kNames.size())
             ? static_cast<Role>(number)
             : Role::kNone;
}

bool Identity::MayUse(std::string_view prompt) const {
  if (prompts.empty()) return true;
  return !prompt.empty() &&
         std::any_of(prompts.begin(), prompts.end(), [&](const auto& glob) {
           return GlobMatches(glob, prompt);
         });
}

// Goes back to the last '*' only, so that time is |glob| * |text| at worst.
bool GlobMatches(std::string_view glob, std::string_view text) {
  std::size_t at = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  std::size_t i = 0;
  while (i < text.size()) {
    if (at < glob.size() && glob[at] == '*') {
      star = at++;
      resume = i;
    } else if (at < glob.size() && (glob[at] == '?' || glob[at] == text[i])) {
      ++at;
      ++i;
    } else if (star != std::string_view::npos) {
      at = star + 1;
      i = ++resume;
    } else {
      return false;
    }
  }
  while (at < glob.size() && glob[at] == '*') ++at;
  return at == glob.size();
}

absl::Status Permit(const Identity& identity, const Need& need) {
  if (!Covers(identity.role, need.role)) {
    return base::WithReason(absl::PermissionDeniedError(fmt::format(
                                "{} is {}; this asks for {}", identity.name,
                                NameOf(identity.role), NameOf(need.role))),
                            "ROLE");
  }
  if (identity.prompts.empty()) return absl::OkStatus();
  if (need.names_prompt) {
    if (identity.MayUse(need.prompt)) return absl::OkStatus();
    return base::WithReason(
        absl::PermissionDeniedError(
            need.prompt.empty()
                ? fmt::format("{} is for some prompts only: name the prompt",
                              identity.name)
                : fmt::format("{} is not for the prompt {}", identity.name,
                              need.prompt)),
        "SCOPE");
  }
  if (need.role == Role::kReader || need.role == Role::kFeedback) {
    return absl::OkStatus();
  }
  return base::WithReason(
      absl::PermissionDeniedError(fmt::format(
          "{} is for some prompts only; this is about more than one",
          identity.name)),
      "SCOPE");
}

std::shared_ptr<const Gatekeeper> NewTokenGatekeeper(std::string token) {
  return std::make_shared<TokenGatekeeper>(std::move(token));
}

absl::Status BadToken() {
  return base::WithReason(
      absl::UnauthenticatedError("the bearer token is missing or wrong"),
      "BAD_TOKEN");
}

std::optional<std::string_view> BearerToken(std::string_view authorization) {
  constexpr std::string_view kScheme = "bearer ";
  if (!absl::StartsWithIgnoreCase(base::A(authorization), base::A(kScheme))) {
    return std::nullopt;
  }
  return authorization.substr(kScheme.size());
}

}  // namespace evalloop::access
