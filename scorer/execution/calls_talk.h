#ifndef EVALLOOP_SCORER_EXECUTION_CALLS_TALK_H_
#define EVALLOOP_SCORER_EXECUTION_CALLS_TALK_H_

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "platform/sandbox/child.h"
#include "platform/sandbox/sandbox.h"
#include "scorer/domain/functional.h"

namespace evalloop::scorer {

// Hidden tests as calls, whatever the language. The candidate's process has one
// end of a socket pair; a line that goes in is one call's arguments as a JSON
// array, and a line that comes out is what was answered:
//
//   =JSON    the value
//   !words   what went wrong instead
//
// The first line that comes out, "=null", says that the program is ready. A
// call is told when the one before has been answered rightly. What is expected
// stays in this process.

// The two ends: ours, and the one that becomes a program's descriptor.
absl::StatusOr<std::pair<sandbox::Fd, sandbox::Fd>> SocketPair();

// The conversation with a program that has just been started; ends it.
// `opening` goes in before the calls. Wall time counts from now. A Status is
// the sandbox's trouble.
absl::StatusOr<FunctionalVerdict> TalkCalls(
    const FunctionalCase& functional_case, std::string opening,
    sandbox::Fd socket, std::unique_ptr<sandbox::Process> process,
    std::chrono::milliseconds timeout);

// Printable ASCII, at most 200 bytes: others' words in a verdict.
std::string ShortWords(std::string_view words);

// A verdict of our own trouble.
FunctionalVerdict InfrastructureVerdict(std::string_view tier,
                                        const absl::Status& status);

// What a program may use that runs for a check, outside Python.
sandbox::Limits ProgramLimits(std::chrono::milliseconds timeout);

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_EXECUTION_CALLS_TALK_H_
