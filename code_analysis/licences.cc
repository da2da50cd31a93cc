#include "code_analysis/licences.h"

#include <algorithm>
#include <array>
#include <string>

namespace evalloop::code_analysis {
namespace {

struct Phrase {
  std::string_view words;  // Lower case, single spaces.
  std::string_view licence;
  bool copyleft = false;
};

// A longer phrase stands before one that it begins with.
constexpr Phrase kPhrases[] = {
    {"gnu affero general public license", "AGPL-3.0", true},
    {"gnu lesser general public license", "LGPL-2.1", true},
    {"gnu library general public license", "LGPL-2.0", true},
    {"gnu general public license", "GPL-2.0", true},
    {"mozilla public license", "MPL-2.0", true},
    {"eclipse public license", "EPL-2.0", true},
    {"common development and distribution license", "CDDL-1.0", true},
    {"server side public license", "SSPL-1.0", true},
    {"licensed under the apache license", "Apache-2.0"},
    {"permission is hereby granted, free of charge, to any person obtaining",
     "MIT"},
    {"released under the mit license", "MIT"},
    {"licensed under the mit license", "MIT"},
    {"redistribution and use in source and binary forms", "BSD-3-Clause"},
    {"governed by a bsd-style license", "BSD-3-Clause"},
    {"permission to use, copy, modify, and/or distribute this software", "ISC"},
    {"boost software license", "BSL-1.0"},
    {"this is free and unencumbered software released into the public domain",
     "Unlicense"},
    {"creative commons", "CC"},
    {"all rights reserved", "proprietary"},
    {"confidential and proprietary", "proprietary"},
};

constexpr std::string_view kTag = "spdx-license-identifier:";

bool IsLetter(char c) { return c >= 'a' && c <= 'z'; }

// `text` in lower case, with each run of blanks, line ends and comment marks as
// one space, and where each byte of it comes from.
struct Flat {
  std::string words;
  std::vector<std::uint32_t> from;
};

Flat Flatten(std::string_view text) {
  Flat flat;
  flat.words.reserve(text.size());
  flat.from.reserve(text.size());
  bool line_start = true;
  const auto space = [&](std::size_t at) {
    if (flat.words.empty() || flat.words.back() == ' ') return;
    flat.words += ' ';
    flat.from.push_back(static_cast<std::uint32_t>(at));
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    const bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    const bool mark = c == '*' || c == '#' || c == '/' || c == ';' || c == '!';
    if (blank || (line_start && (mark || c == '-'))) {
      if (c == '\n') line_start = true;
      space(i);
      continue;
    }
    line_start = false;
    flat.words += c;
    flat.from.push_back(static_cast<std::uint32_t>(i));
  }
  return flat;
}

bool IsCopyleft(std::string_view licence) {
  constexpr std::array<std::string_view, 9> kCopyleft = {
      "GPL", "AGPL", "LGPL", "MPL", "EPL", "CDDL", "SSPL", "EUPL", "OSL"};
  return std::any_of(kCopyleft.begin(), kCopyleft.end(),
                     [&](std::string_view word) {
                       return licence.substr(0, word.size()) == word;
                     });
}

// What a tag names: "MIT OR Apache-2.0".
std::string TagValue(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && end < 100) {
    const char c = text[end];
    const bool taken = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       (c >= '0' && c <= '9') || c == '.' || c == '-' ||
                       c == '+' || c == '(' || c == ')' || c == ' ';
    if (!taken) break;
    ++end;
  }
  while (end > 0 && (text[end - 1] == ' ' || text[end - 1] == '-')) --end;
  std::size_t begin = 0;
  while (begin < end && text[begin] == ' ') ++begin;
  return std::string(text.substr(begin, end - begin));
}

// "copyright (c) 2019", "copyright 2019 the authors": a year must follow.
bool IsCopyrightLine(std::string_view words) {
  constexpr std::string_view kCopyright = "copyright";
  if (words.substr(0, kCopyright.size()) != kCopyright) return false;
  const std::string_view rest = words.substr(kCopyright.size(), 14);
  int digits = 0;
  for (const char c : rest) {
    if (c >= '0' && c <= '9') {
      if (++digits == 4) return true;
    } else if (digits > 0 || IsLetter(c)) {
      if (c != 'c' || digits > 0) return false;
    }
  }
  return false;
}

// "gnu general public license ... version 3".
std::string Versioned(const Phrase& phrase, std::string_view after) {
  std::string licence(phrase.licence);
  if (licence.substr(0, 3) != "GPL" && licence.substr(0, 4) != "LGPL") {
    return licence;
  }
  const std::size_t version = after.substr(0, 120).find("version ");
  if (version == std::string_view::npos || version + 8 >= after.size()) {
    return licence;
  }
  const char number = after[version + 8];
  if (number < '1' || number > '9') return licence;
  licence.resize(licence.find('-') + 1);
  licence += number;
  licence += after.substr(version + 9, 2) == ".1" ? ".1" : ".0";
  return licence;
}

}  // namespace

std::vector<LicenceMark> FindLicences(std::string_view text) {
  std::vector<LicenceMark> marks;
  if (text.size() > (std::size_t{1} << 31)) text = text.substr(0, 1u << 31);
  const Flat flat = Flatten(text);
  const std::string_view words = flat.words;
  bool licensed = false;
  std::vector<LicenceMark> copyrights;
  // Only where a word begins.
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (at > 0 && (IsLetter(words[at]) && IsLetter(words[at - 1]))) continue;
    const std::string_view rest = words.substr(at);
    if (rest.substr(0, kTag.size()) == kTag) {
      const std::size_t end = flat.from[at + kTag.size() - 1] + 1;
      const std::string value = TagValue(text.substr(end));
      if (value.empty()) continue;
      marks.push_back({.licence = value,
                       .copyleft = IsCopyleft(value),
                       .offset = flat.from[at]});
      licensed = true;
      continue;
    }
    for (const Phrase& phrase : kPhrases) {
      if (rest.substr(0, phrase.words.size()) != phrase.words) continue;
      std::string licence =
          Versioned(phrase, rest.substr(phrase.words.size(), 200));
      // A header names itself many times.
      const bool known = std::any_of(
          marks.begin(), marks.end(),
          [&](const LicenceMark& mark) { return mark.licence == licence; });
      if (!known) {
        marks.push_back({.licence = std::move(licence),
                         .copyleft = phrase.copyleft,
                         .offset = flat.from[at]});
      }
      licensed = true;
      at += phrase.words.size() - 1;
      break;
    }
    if (at < words.size() && IsCopyrightLine(words.substr(at))) {
      copyrights.push_back({.licence = "copyright", .offset = flat.from[at]});
    }
  }
  if (!licensed) return copyrights;
  return marks;
}

}  // namespace evalloop::code_analysis
