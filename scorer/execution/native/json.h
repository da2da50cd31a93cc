// JSON for the types of a candidate in C++ (calls.h):
//
// bool, integers, floats, one-byte strings (std::string, std::string_view,
// const char*; a char is a string of one), containers (arrays), maps whose keys
// are strings, characters or integers (objects), pairs, tuples and std::array
// (arrays of their length), std::optional (null where empty), enums.

#ifndef EVALLOOP_SCORER_EXECUTION_NATIVE_JSON_H_
#define EVALLOOP_SCORER_EXECUTION_NATIVE_JSON_H_

#include <charconv>
#include <cmath>
#include <limits>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace evalloop_calls {

// Arguments that do not fit the parameters.
struct Misfit {};

template <class T>
concept Character = std::is_same_v<T, char>;
template <class T>
concept Text = requires {
  typename T::traits_type;
}
&&Character<typename T::value_type>;
template <class T>
concept CString = std::is_same_v<T, const char*> || std::is_same_v<T, char*>;
template <class T>
concept Mapping = requires {
  typename T::mapped_type;
};
template <class T>
concept Maybe = requires(T value) {
  value.has_value();
  value.value_or(*value);
};
template <class T>
concept Fixed = requires {
  std::tuple_size<T>::value;
};
template <class T>
concept Sequence = requires(T value) {
  typename T::value_type;
  value.begin();
  value.end();
  value.clear();
};
template <class>
inline constexpr bool kUnknown = false;

class Writer {
 public:
  template <class T>
  void Put(const T& value) {
    if constexpr (std::is_same_v<T, bool>) {
      text_ += value ? "true" : "false";
    } else if constexpr (Character<T>) {
      PutString({&value, 1});
    } else if constexpr (std::is_enum_v<T>) {
      Put(static_cast<std::underlying_type_t<T>>(value));
    } else if constexpr (std::is_integral_v<T>) {
      PutDigits(value);
    } else if constexpr (std::is_same_v<T, long double>) {
      Put(static_cast<double>(value));
    } else if constexpr (std::is_floating_point_v<T>) {
      PutFloat(value);
    } else if constexpr (Text<T> || CString<T>) {
      PutString(value);
    } else if constexpr (Maybe<T>) {
      if (value.has_value()) {
        Put(*value);
      } else {
        text_ += "null";
      }
    } else if constexpr (Mapping<T>) {
      PutMembers(value);
    } else if constexpr (Fixed<T>) {
      text_ += '[';
      std::apply([this](const auto&... items) { (PutItem(items), ...); },
                 value);
      EndWith(']');
    } else if constexpr (Sequence<T>) {
      text_ += '[';
      for (const auto& item : value) {
        PutItem(static_cast<const typename T::value_type&>(item));
      }
      EndWith(']');
    } else {
      static_assert(kUnknown<T>, "this type is no JSON value");
    }
  }

  std::string& text() { return text_; }

 private:
  template <class T>
  void PutItem(const T& item) {
    Put(item);
    text_ += ',';
  }

  void EndWith(char bracket) {
    if (text_.back() == ',') text_.pop_back();
    text_ += bracket;
  }

  template <class T>
  void PutDigits(T value) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof(digits), value).ptr;
    text_.append(digits, static_cast<std::size_t>(end - digits));
  }

  template <class T>
  void PutFloat(T value) {
    if (std::isnan(value)) {
      text_ += "NaN";
    } else if (std::isinf(value)) {
      text_ += value < 0 ? "-Infinity" : "Infinity";
    } else {
      char digits[400];
      const auto end =
          std::to_chars(digits, digits + sizeof(digits), value).ptr;
      const std::string_view text(digits,
                                  static_cast<std::size_t>(end - digits));
      text_ += text;
      if (text.find_first_of(".e") == text.npos) text_ += ".0";
    }
  }

  void PutString(std::string_view value) {
    constexpr char kHex[] = "0123456789abcdef";
    text_ += '"';
    for (const char c : value) {
      if (c == '"' || c == '\\') text_ += '\\';
      if (static_cast<unsigned char>(c) < 0x20) {
        text_ += "\\u00";
        text_ += kHex[c >> 4];
        text_ += kHex[c & 15];
      } else {
        text_ += c;
      }
    }
    text_ += '"';
  }

  template <class T>
  void PutMembers(const T& value) {
    using Key = typename T::key_type;
    text_ += '{';
    for (const auto& [key, member] : value) {
      if constexpr (Text<Key> || Character<Key>) {
        Put(key);
      } else {
        static_assert(std::is_integral_v<Key>, "this key is no JSON key");
        text_ += '"';
        PutDigits(key);
        text_ += '"';
      }
      text_ += ':';
      PutItem(static_cast<const typename T::mapped_type&>(member));
    }
    EndWith('}');
  }

  std::string text_;
};

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  template <class T>
  T Get() {
    if constexpr (std::is_same_v<T, bool>) {
      if (Take("true")) return true;
      return Take("false") ? false : throw Misfit();
    } else if constexpr (Character<T>) {
      const std::string text = GetString();
      return text.size() == 1 ? text[0] : throw Misfit();
    } else if constexpr (std::is_enum_v<T>) {
      return static_cast<T>(Get<std::underlying_type_t<T>>());
    } else if constexpr (std::is_integral_v<T> || std::is_floating_point_v<T>) {
      return GetNumber<T>();
    } else if constexpr (Text<T>) {
      return GetString();
    } else if constexpr (Maybe<T>) {
      if (Take("null")) return {};
      return Get<std::remove_cv_t<typename T::value_type>>();
    } else if constexpr (Mapping<T>) {
      return GetMembers<T>();
    } else if constexpr (Fixed<T>) {
      T value{};
      char before = '[';
      std::apply(
          [&](auto&... items) {
            ((Expect(before), before = ',',
              items = Get<std::remove_reference_t<decltype(items)>>()),
             ...);
          },
          value);
      if (before == '[') Expect('[');
      Expect(']');
      return value;
    } else if constexpr (Sequence<T>) {
      T value;
      Expect('[');
      if (Take("]")) return value;
      do {
        value.insert(value.end(), Get<typename T::value_type>());
      } while (Take(","));
      Expect(']');
      return value;
    } else {
      static_assert(kUnknown<T>, "this type is no JSON value");
    }
  }

  void Expect(char c) {
    if (!Take({&c, 1})) throw Misfit();
  }
  bool empty() const { return rest_.empty(); }

 private:
  bool Take(std::string_view word) {
    if (rest_.substr(0, word.size()) != word) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  template <class T>
  T GetNumber() {
    if constexpr (std::is_floating_point_v<T>) {
      if (Take("NaN")) return std::numeric_limits<T>::quiet_NaN();
      if (Take("Infinity")) return std::numeric_limits<T>::infinity();
      if (Take("-Infinity")) return -std::numeric_limits<T>::infinity();
    }
    T value{};
    const char* const begin = rest_.data();
    const char* const end = begin + rest_.size();
    const auto read = std::from_chars(begin, end, value);
    if (read.ec != std::errc()) throw Misfit();
    rest_.remove_prefix(static_cast<std::size_t>(read.ptr - begin));
    // 2.5 is no integer.
    if (!rest_.empty() && (rest_[0] == '.' || rest_[0] == 'e')) throw Misfit();
    return value;
  }

  template <class T>
  T GetMembers() {
    using Key = std::remove_cv_t<typename T::key_type>;
    T value;
    Expect('{');
    if (Take("}")) return value;
    do {
      const std::string text = GetString();
      Expect(':');
      auto member = Get<typename T::mapped_type>();
      if constexpr (Text<Key>) {
        value.emplace(text, std::move(member));
      } else if constexpr (Character<Key>) {
        if (text.size() != 1) throw Misfit();
        value.emplace(text[0], std::move(member));
      } else {
        Reader digits(text);
        value.emplace(digits.GetNumber<Key>(), std::move(member));
      }
    } while (Take(","));
    Expect('}');
    return value;
  }

  // What comes in is ASCII.
  std::string GetString() {
    Expect('"');
    std::string text;
    while (!Take("\"")) {
      if (rest_.empty()) throw Misfit();
      if (!Take("\\")) {
        text += rest_[0];
        rest_.remove_prefix(1);
        continue;
      }
      if (!Take("u")) {
        text += rest_[0];  // " or a backslash.
        rest_.remove_prefix(1);
        continue;
      }
      unsigned code = GetHex();
      if ((code & 0xfc00) == 0xd800 && rest_.substr(0, 3) == "\\ud" &&
          rest_[3] >= 'c') {
        rest_.remove_prefix(2);
        code = 0x10000 + ((code & 0x3ff) << 10) + (GetHex() & 0x3ff);
      }
      AddUtf8(code, text);
    }
    return text;
  }

  unsigned GetHex() {
    unsigned code = 0;
    std::from_chars(rest_.data(), rest_.data() + 4, code, 16);
    rest_.remove_prefix(4);
    return code;
  }

  static void AddUtf8(unsigned code, std::string& text) {
    const auto add = [&](unsigned byte) { text += static_cast<char>(byte); };
    if (code < 0x80) return add(code);
    if (code < 0x800) {
      add(0xc0 | code >> 6);
    } else {
      if (code < 0x10000) {
        add(0xe0 | code >> 12);
      } else {
        add(0xf0 | code >> 18);
        add(0x80 | (code >> 12 & 0x3f));
      }
      add(0x80 | (code >> 6 & 0x3f));
    }
    add(0x80 | (code & 0x3f));
  }

  std::string_view rest_;
};

}  // namespace evalloop_calls

#endif  // EVALLOOP_SCORER_EXECUTION_NATIVE_JSON_H_
