#include "scorer/service/rubric_calls.h"

#include <charconv>
#include <string>
#include <utility>

#include "fmt/format.h"
#include "platform/base/crypto.h"
#include "platform/base/reason.h"
#include "protos/timestamps.h"
#include "scorer/domain/rubric_message.h"

namespace evalloop::scorer {
namespace {

constexpr std::uint32_t kDefaultPage = 50;
constexpr std::uint32_t kMaxPage = 1000;

RubricRef RefOf(const Rubric& rubric) { return {rubric.name, rubric.version}; }

void Write(const Rubric& rubric, const RubricRef& in_force, v1::Rubric& out) {
  WriteRubric(rubric, out);
  if (RefOf(rubric) != RefOf(DefaultRubric())) {
    *out.mutable_create_time() = v1::ToTimestamp(rubric.create_time);
  }
  out.set_in_force(RefOf(rubric) == in_force);
}

std::string TokenAfter(const RubricRef& ref) {
  return base::Base64UrlEncode(fmt::format("{}\n{}", ref.name, ref.version));
}

absl::StatusOr<RubricRef> ReadToken(std::string_view token) {
  RubricRef ref;
  if (token.empty()) return ref;
  const auto text = base::Base64UrlDecode(token);
  const std::size_t end =
      text.has_value() ? text->find('\n') : std::string::npos;
  if (end == std::string::npos ||
      std::from_chars(text->data() + end + 1, text->data() + text->size(),
                      ref.version)
              .ec != std::errc()) {
    return base::FieldError("page.page_token", "not a page token",
                            "take it from the page before, unchanged");
  }
  ref.name = text->substr(0, end);
  return ref;
}

}  // namespace

void WriteInForce(const Scorer& scorer, v1::Rubric& out) {
  Write(scorer.rubric(), RefOf(scorer.rubric()), out);
}

absl::Status PushRubric(Rubrics& rubrics, const v1::PushRubricRequest& request,
                        v1::PushRubricResponse& response) {
  if (!request.has_rubric()) return base::FieldError("rubric", "missing");
  const auto rubric = ReadRubric(request.rubric());
  if (!rubric.ok()) return rubric.status();
  const auto scorer = rubrics.Push(*rubric);
  if (!scorer.ok()) return scorer.status();
  WriteInForce(**scorer, *response.mutable_rubric());
  response.set_scorer_digest((*scorer)->digest());
  return absl::OkStatus();
}

absl::Status UseRubric(Rubrics& rubrics, const v1::UseRubricRequest& request,
                       v1::UseRubricResponse& response) {
  if (request.name().empty()) return base::FieldError("name", "missing");
  const auto scorer = rubrics.Use({request.name(), request.version()});
  if (!scorer.ok()) return scorer.status();
  WriteInForce(**scorer, *response.mutable_rubric());
  response.set_scorer_digest((*scorer)->digest());
  return absl::OkStatus();
}

absl::Status ListRubrics(Rubrics& rubrics, RubricStore& store,
                         const v1::ListRubricsRequest& request,
                         v1::ListRubricsResponse& response) {
  const std::uint32_t asked = request.page().page_size();
  if (asked > kMaxPage) {
    return base::FieldError("page.page_size", fmt::format("{}", asked),
                            fmt::format("at most {}", kMaxPage));
  }
  const std::size_t size = asked == 0 ? kDefaultPage : asked;
  const auto after = ReadToken(request.page().page_token());
  if (!after.ok()) return after.status();
  auto list = store.List(*after, size + 1);
  if (!list.ok()) return list.status();
  const RubricRef in_force = RefOf(rubrics.InForce()->rubric());
  if (list->size() > size) {
    list->resize(size);
    response.set_next_page_token(TokenAfter(RefOf(list->back())));
  }
  for (const Rubric& rubric : *list) {
    Write(rubric, in_force, *response.add_rubrics());
  }
  // One more than the page asked for, on the last one.
  if (response.next_page_token().empty()) {
    Write(DefaultRubric(), in_force, *response.add_rubrics());
  }
  return absl::OkStatus();
}

}  // namespace evalloop::scorer
