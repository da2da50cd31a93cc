#include "code_analysis/licences.h"

#include <gtest/gtest.h>

#include <string>

namespace evalloop::code_analysis {
namespace {

std::string Names(std::string_view text) {
  std::string names;
  for (const LicenceMark& mark : FindLicences(text)) {
    if (!names.empty()) names += ", ";
    names += mark.licence;
    if (mark.copyleft) names += " (copyleft)";
  }
  return names;
}

TEST(LicencesTest, ReadsTags) {
  EXPECT_EQ(Names("// SPDX-License-Identifier: Apache-2.0\nint x;"),
            "Apache-2.0");
  EXPECT_EQ(Names("/* SPDX-License-Identifier: GPL-2.0-only */"),
            "GPL-2.0-only (copyleft)");
  EXPECT_EQ(Names("# SPDX-License-Identifier: MIT OR Apache-2.0\n"),
            "MIT OR Apache-2.0");
}

TEST(LicencesTest, KnowsTheCommonHeaders) {
  EXPECT_EQ(Names("/*\n * This program is free software; under the terms of\n"
                  " * the GNU General Public\n * License as published by the "
                  "Free Software Foundation; either version 3 of the\n"),
            "GPL-3.0 (copyleft)");
  EXPECT_EQ(Names("# Licensed under the Apache License, Version 2.0\n"),
            "Apache-2.0");
  EXPECT_EQ(Names("// Permission is hereby granted, free of charge, to any\n"
                  "// person obtaining a copy of this software\n"),
            "MIT");
  EXPECT_EQ(Names("// Copyright 2020 The Go Authors. All rights reserved.\n"
                  "// Use of this source code is governed by a BSD-style\n"
                  "// license that can be found in the LICENSE file.\n"),
            "proprietary, BSD-3-Clause");
}

TEST(LicencesTest, ACopyrightLineAloneIsAMarkToo) {
  EXPECT_EQ(Names("// Copyright (c) 2019 Somebody\n"), "copyright");
  EXPECT_EQ(Names("# Copyright 2021-2024 Somebody\n"), "copyright");
  EXPECT_EQ(Names("copyright = make_notice(year)"), "");
}

TEST(LicencesTest, LeavesOrdinaryCodeAlone) {
  EXPECT_EQ(Names("def licence(x):\n    return gpl or mit\n"), "");
  EXPECT_EQ(Names(""), "");
  EXPECT_EQ(Names("SPDX-License-Identifier:"), "");
}

TEST(LicencesTest, SaysWhereAMarkStands) {
  const auto marks = FindLicences("int x;\n// SPDX-License-Identifier: MIT\n");
  ASSERT_EQ(marks.size(), 1u);
  EXPECT_EQ(marks[0].offset, 10u);
}

TEST(LicencesTest, SurvivesHostileText) {
  for (const std::string_view unit : {"SPDX-License-Identifier: ", "gnu ",
                                      "copyright 1", "\xff", "*", "\n"}) {
    std::string text;
    while (text.size() < (1 << 19)) text += unit;
    FindLicences(text);
  }
}

}  // namespace
}  // namespace evalloop::code_analysis
