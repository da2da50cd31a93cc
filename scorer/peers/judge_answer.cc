#include "scorer/peers/judge_answer.h"

#include <boost/json.hpp>
#include <cstdint>
#include <string>

#include "fmt/format.h"
#include "platform/base/crypto.h"
#include "platform/http/json.h"

namespace evalloop::scorer {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxAnswer = 16'000;
constexpr std::size_t kMaxRationale = 2'000;
constexpr std::size_t kMaxDepth = 4;

absl::Status Wrong(std::string_view what) {
  return absl::InvalidArgumentError(std::string(what));
}

}  // namespace

absl::StatusOr<JudgeAnswer> ParseJudgeAnswer(
    std::string_view text, std::span<const JudgeCriterion> criteria,
    std::string_view check) {
  const auto object = http::ParseJsonObject(
      text, {.max_bytes = kMaxAnswer, .max_depth = kMaxDepth});
  if (!object.ok()) return Wrong("no JSON object");
  const json::value* const given = object->if_contains("check");
  const json::value* const grades = object->if_contains("criteria");
  const json::value* const rationale = object->if_contains("rationale");
  if (given == nullptr || grades == nullptr || rationale == nullptr ||
      object->size() != 3 || !given->is_string() || !grades->is_object() ||
      !rationale->is_string()) {
    return Wrong("members are not check, criteria and rationale");
  }
  if (!base::ConstantTimeEquals(std::string_view(given->get_string()), check)) {
    return Wrong("the check word is wrong");
  }
  JudgeAnswer answer;
  answer.rationale = std::string(rationale->get_string());
  if (answer.rationale.size() > kMaxRationale) {
    return Wrong("the rationale is too long");
  }
  if (grades->get_object().size() != criteria.size()) {
    return Wrong("other criteria than asked for");
  }
  for (const JudgeCriterion& criterion : criteria) {
    const json::value* const grade =
        grades->get_object().if_contains(criterion.name);
    if (grade == nullptr) return Wrong("other criteria than asked for");
    if (!grade->is_int64() || grade->get_int64() < 1 ||
        grade->get_int64() > 5) {
      return Wrong("a grade is no whole number from 1 to 5");
    }
    answer.grades.push_back(static_cast<int>(grade->get_int64()));
  }
  return answer;
}

}  // namespace evalloop::scorer
