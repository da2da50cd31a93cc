// The candidate's side of hidden calls in C++: stands before its program and
// turns lines of JSON into its function's parameters, by their types, and its
// answers into JSON (json.h). Nothing here knows an expected value or a
// verdict.

#ifndef EVALLOOP_SCORER_EXECUTION_NATIVE_CALLS_H_
#define EVALLOOP_SCORER_EXECUTION_NATIVE_CALLS_H_

#include <exception>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "scorer/execution/native/json.h"

namespace evalloop_calls {

// Not by <unistd.h>, whose names the program may want.
extern "C" long read(int, void*, unsigned long);
extern "C" long write(int, const void*, unsigned long);

inline constexpr int kScorer = 3;

template <class R, class... A>
struct Shape {};
template <class R, class... A>
Shape<R, A...> ShapeOf(R (*)(A...));
template <class C, class R, class... A>
Shape<R, A...> ShapeOf(R (C::*)(A...) const);
template <class C, class R, class... A>
Shape<R, A...> ShapeOf(R (C::*)(A...));

template <class F>
auto ShapeOfAny(F function) {
  if constexpr (std::is_pointer_v<F>) {
    return decltype(ShapeOf(function))();
  } else {
    return decltype(ShapeOf(&F::operator()))();
  }
}

// What holds an argument while the call lasts.
template <class A>
using Held = std::conditional_t<
    CString<std::remove_cvref_t<A>> ||
        std::is_same_v<std::remove_cvref_t<A>, std::string_view>,
    std::string, std::remove_cvref_t<A>>;

template <class A>
decltype(auto) Pass(Held<A>& held) {
  using Plain = std::remove_cvref_t<A>;
  if constexpr (CString<Plain>) {
    return static_cast<Plain>(held.data());
  } else if constexpr (!std::is_same_v<Plain, Held<A>>) {
    return Plain(held);
  } else {
    return static_cast<A&&>(held);
  }
}

template <class F, class R, class... A>
std::string Answer(F& function, std::string_view line, Shape<R, A...>) {
  Reader reader(line);
  auto held = reader.Get<std::tuple<Held<A>...>>();
  if (!reader.empty()) throw Misfit();
  Writer writer;
  writer.text() = "=";
  std::apply(
      [&](auto&... arguments) {
        if constexpr (std::is_void_v<R>) {
          function(Pass<A>(arguments)...);
          writer.text() += "null";
        } else {
          const std::remove_cvref_t<R> value = function(Pass<A>(arguments)...);
          writer.Put(value);
        }
      },
      held);
  return std::move(writer.text());
}

inline std::string Words(const char* what) {
  std::string words = "!exception: ";
  words += what;
  for (char& c : words) {
    if (c == '\n') c = ' ';
  }
  return words;
}

inline bool Say(std::string line) {
  line += '\n';
  std::size_t done = 0;
  while (done < line.size()) {
    const long size = write(kScorer, line.data() + done, line.size() - done);
    if (size <= 0) return false;
    done += static_cast<std::size_t>(size);
  }
  return true;
}

// The next line, without its end; false where there is none.
inline bool Hear(std::string& buffer, std::string& line) {
  std::size_t end = 0;
  while ((end = buffer.find('\n')) == buffer.npos) {
    char more[4096];
    const long size = read(kScorer, more, sizeof(more));
    if (size <= 0) return false;
    buffer.append(more, static_cast<std::size_t>(size));
  }
  line = buffer.substr(0, end);
  buffer.erase(0, end + 1);
  return true;
}

template <class F>
int Serve(F function) {
  std::string buffer;
  std::string line;
  if (!Say("=null")) return 1;
  while (Hear(buffer, line)) {
    std::string answer;
    try {
      answer = Answer(function, line, ShapeOfAny(function));
    } catch (const Misfit&) {
      answer = "!the arguments do not fit the function's parameters";
    } catch (const std::exception& error) {
      answer = Words(error.what());
    } catch (...) {
      answer = "!exception";
    }
    if (!Say(std::move(answer))) return 1;
  }
  return 0;
}

}  // namespace evalloop_calls

#endif  // EVALLOOP_SCORER_EXECUTION_NATIVE_CALLS_H_
