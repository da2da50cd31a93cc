#ifndef EVALLOOP_SCORER_DOMAIN_RUBRIC_MESSAGE_H_
#define EVALLOOP_SCORER_DOMAIN_RUBRIC_MESSAGE_H_

#include <cstddef>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "fmt/format.h"
#include "platform/base/reason.h"
#include "scorer/domain/rubric.h"

namespace evalloop::scorer {

// Between a rubric and a message with the fields of evalloop.v1.Rubric.
// Templates, so that the service and the command line read alike without the
// domain knowing the message. Times are the caller's.

template <typename Message>
absl::StatusOr<Rubric> ReadRubric(const Message& message) {
  Rubric rubric;
  rubric.name = message.name();
  rubric.version = message.version();
  rubric.description = message.description();
  rubric.author = message.author();
  for (const auto& written : message.terms()) {
    RubricTerm term;
    term.metric = written.metric();
    term.weight = written.weight();
    if (written.has_floor()) term.floor = written.floor();
    term.group = written.group();
    const auto applies = ParseApplies(written.applies());
    if (!applies.has_value()) {
      return base::FieldError(
          fmt::format("terms[{}].applies", rubric.terms.size()),
          fmt::format("\"{}\"", written.applies().substr(0, 80)),
          "write always, with_tests or without_tests");
    }
    term.applies = *applies;
    if (written.has_best()) term.best = written.best();
    if (written.has_worst()) term.worst = written.worst();
    rubric.terms.push_back(std::move(term));
  }
  return rubric;
}

template <typename Message>
void WriteRubric(const Rubric& rubric, Message& message) {
  message.set_name(rubric.name);
  message.set_version(rubric.version);
  message.set_description(rubric.description);
  message.set_author(rubric.author);
  for (const RubricTerm& term : rubric.terms) {
    auto& written = *message.add_terms();
    written.set_metric(term.metric);
    written.set_weight(term.weight);
    if (term.floor.has_value()) written.set_floor(*term.floor);
    written.set_group(term.group);
    written.set_applies(std::string(NameOf(term.applies)));
    if (term.best.has_value()) written.set_best(*term.best);
    if (term.worst.has_value()) written.set_worst(*term.worst);
  }
}

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_DOMAIN_RUBRIC_MESSAGE_H_
