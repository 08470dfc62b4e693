#pragma once

#include <array>
#include <string>

namespace espalier::tests {

/// The same problem in every format:
///     maximise 10 a + 7 b + 4 c + 3 d  subject to  5 a + 4 b + 3 c + d <= 8,
///                                                   2 a + 3 b + 0 c + d <= 4.
/// Optimum 14 with a and c.
struct Sample {
  const char* format;
  std::string text;
  bool is_exact = true;  ///< one row only in the one-row formats
};

inline const std::array<Sample, 9>& samples() {
  static const std::array<Sample, 9> all = {{
      {"or-library", "1\n4 2 14\n10 7 4 3\n5 4 3 1\n2 3 0 1\n8 4\n"},
      {"dat", "4 2 14\n10 7 4 3\n5 4 3 1\n2 3 0 1\n8 4\n"},
      {"pisinger", "4\n1 10 5\n2 7 4\n3 4 3\n4 3 1\n8\n", false},
      {"n capacity", "4 8\n10 5\n7 4\n4 3\n3 1\n", false},
      {"csv",
       "knapPI_1_4_10_1\nn 4\nc 8\nz 14\ntime 0.00\n1,10,5,1\n2,7,4,0\n3,4,3,1\n4,3,1,0\n-----\n\n",
       false},
      {"mknap2",
       " Some problems from the literature.\n\n FILE FORMAT\n ++++++++++\n\n problem A.DAT\n\n"
       " ++++++++++\n 2 4\n 10 7 4 3\n 8 4\n 5 4 3 1\n 2 3 0 1\n\n 14\n\n ++++++++++\n"},
      {"opb",
       "* #variable= 4 #constraint= 2\n* written by hand\n"
       "max: +10 x1 +7 x2 +4 x3 +3 x4 ;\n"
       "+5 x1 +4 x2 +3 x3 +1 x4 <= 8 ;\n"
       "-2 x1 -3 x2 -1 x4 >= -4 ;\n"},
      {"mps",
       "* by hand\nNAME          SAMPLE\nOBJSENSE\n    MAX\nROWS\n N  PROFIT\n L  R1\n G  R2\n"
       "COLUMNS\n"
       "    MARK      'MARKER'                 'INTORG'\n"
       "    A         PROFIT            10.0   R1                 5.0\n"
       "    A         R2                -2.0\n"
       "    B         PROFIT             7.0   R1                 4.0\n"
       "    B         R2                -3.0\n"
       "    MARK      'MARKER'                 'INTEND'\n"
       "    C         PROFIT             4.0   R1                 3.0\n"
       "    D         PROFIT             3.0   R1                 1.0\n"
       "    D         R2                -1.0\n"
       "RHS\n    RHS       R1                 8.0   R2                -4.0\n"
       "BOUNDS\n UP BND       A                  1.0\n UP BND       B                  1.0\n"
       " LO BND       B                  0.0\n BV BND       C\n BV BND       D\nENDATA\n"},
      {"lp",
       "\\ by hand\nMaximize\n profit: 10 a + 7 b\n  + 4c + 3 d\nSubject To\n"
       " r1: 5 a + 4 b + 3 c + d <= 8\n r2: - 2 a - 3 b - d >= -4\nBounds\n 0 <= b <= 1\n d <= 1\n"
       "Binary\n a c\nGeneral\n b d\nEnd\n"},
  }};
  return all;
}

}  // namespace espalier::tests
