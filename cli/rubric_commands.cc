#include <fmt/format.h>
#include <google/protobuf/util/time_util.h>

#include <charconv>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/message_file.h"
#include "cli/scorer_peer.h"
#include "platform/base/reason.h"

namespace evalloop::cli {
namespace {

using google::protobuf::util::TimeUtil;
using Rows = std::vector<std::vector<std::string>>;

constexpr std::uint32_t kPage = 1000;

struct RubricName {
  std::string name;
  std::uint32_t version = 0;  // 0: the newest.
};

absl::StatusOr<RubricName> ParseRubricName(const std::string& text) {
  RubricName out;
  const std::size_t at = text.find('@');
  out.name = text.substr(0, at);
  if (at != std::string::npos) {
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data() + at + 1, end, out.version);
    if (read.ec != std::errc() || read.ptr != end) out.name.clear();
  }
  if (out.name.empty()) {
    return base::FieldError("rubric", fmt::format("\"{}\"", text),
                            "write NAME or NAME@VERSION");
  }
  return out;
}

std::string NameOf(const v1::Rubric& rubric) {
  return fmt::format("{}@{}", rubric.name(), rubric.version());
}

template <typename Has>
std::string Number(Has has, double value) {
  return has ? fmt::format("{}", value) : "-";
}

std::string Words(const v1::Rubric& rubric) {
  Rows head = {{"rubric", NameOf(rubric)},
               {"in force", rubric.in_force() ? "yes" : "no"},
               {"description", rubric.description()}};
  if (rubric.has_create_time()) {
    head.push_back(
        {"pushed",
         fmt::format("{} by {}", TimeUtil::ToString(rubric.create_time()),
                     rubric.author())});
  }
  Rows rows = {
      {"metric", "weight", "group", "applies", "floor", "best", "worst"}};
  for (const v1::RubricTerm& term : rubric.terms()) {
    rows.push_back({term.metric(), fmt::format("{}", term.weight()),
                    term.group(), term.applies(),
                    Number(term.has_floor(), term.floor()),
                    Number(term.has_best(), term.best()),
                    Number(term.has_worst(), term.worst())});
  }
  return Table(head) + "\n\n" + Table(rows);
}

absl::StatusOr<std::vector<v1::Rubric>> AllRubrics(Session& session) {
  std::vector<v1::Rubric> rubrics;
  v1::ListRubricsRequest request;
  request.mutable_page()->set_page_size(kPage);
  do {
    const auto page = Call(session.peers, &Scores::ListRubrics, request);
    if (!page.ok()) return page.status();
    rubrics.insert(rubrics.end(), page->rubrics().begin(),
                   page->rubrics().end());
    request.mutable_page()->set_page_token(page->next_page_token());
  } while (!request.page().page_token().empty());
  return rubrics;
}

template <typename Response>
Outcome PrintInForce(Terminal& terminal,
                     const absl::StatusOr<Response>& response) {
  if (!response.ok()) return response.status();
  if (terminal.json()) {
    terminal.Json(*response);
  } else {
    terminal.Data(fmt::format("{} is in force, scorer {}",
                              NameOf(response->rubric()),
                              response->scorer_digest()));
  }
  return ExitCode::kPassed;
}

}  // namespace

absl::Status ReadRubricFile(const std::string& path, v1::Rubric* rubric) {
  const absl::Status read = ReadMessageFile(path, rubric);
  if (read.ok() || read.code() != absl::StatusCode::kInvalidArgument) {
    return read;
  }
  return absl::InvalidArgumentError(fmt::format(
      "{}; docs/formats/rubric.schema.json has the fields and an example",
      std::string(read.message())));
}

Outcome RubricPush(Session& session, const std::string& file) {
  v1::PushRubricRequest request;
  const auto read = ReadRubricFile(file, request.mutable_rubric());
  if (!read.ok()) return read;
  request.mutable_rubric()->set_author(Author());
  return PrintInForce(session.terminal,
                      Call(session.peers, &Scores::PushRubric, request));
}

Outcome RubricUse(Session& session, const std::string& rubric) {
  const auto name = ParseRubricName(rubric);
  if (!name.ok()) return name.status();
  v1::UseRubricRequest request;
  request.set_name(name->name);
  request.set_version(name->version);
  return PrintInForce(session.terminal,
                      Call(session.peers, &Scores::UseRubric, request));
}

Outcome RubricList(Session& session) {
  const auto rubrics = AllRubrics(session);
  if (!rubrics.ok()) return rubrics.status();
  if (session.terminal.json()) {
    v1::ListRubricsResponse all;
    for (const v1::Rubric& rubric : *rubrics) *all.add_rubrics() = rubric;
    session.terminal.Json(all);
    return ExitCode::kPassed;
  }
  Rows rows = {{"rubric", "in force", "terms", "pushed", "description"}};
  for (const v1::Rubric& rubric : *rubrics) {
    rows.push_back({NameOf(rubric), rubric.in_force() ? "yes" : "",
                    fmt::format("{}", rubric.terms_size()),
                    rubric.has_create_time()
                        ? TimeUtil::ToString(rubric.create_time())
                        : "built in",
                    rubric.description()});
  }
  session.terminal.Data(Table(rows));
  return ExitCode::kPassed;
}

Outcome RubricShow(Session& session, const std::string& rubric) {
  const auto rubrics = AllRubrics(session);
  if (!rubrics.ok()) return rubrics.status();
  RubricName wanted;
  if (!rubric.empty()) {
    const auto name = ParseRubricName(rubric);
    if (!name.ok()) return name.status();
    wanted = *name;
  }
  for (const v1::Rubric& one : *rubrics) {
    const bool meant = rubric.empty() ? one.in_force()
                                      : one.name() == wanted.name &&
                                            (wanted.version == 0 ||
                                             one.version() == wanted.version);
    if (!meant) continue;
    if (session.terminal.json()) {
      session.terminal.Json(one);
    } else {
      session.terminal.Data(Words(one));
    }
    return ExitCode::kPassed;
  }
  return absl::NotFoundError(fmt::format("no rubric \"{}\"", rubric));
}

}  // namespace evalloop::cli
