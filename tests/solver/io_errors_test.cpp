#include <catch2/catch.hpp>

#include "espalier/solver/instance_io.hpp"
#include "espalier/support/error.hpp"

namespace {

using espalier::Error;
using espalier::solver::read_instances_from_text;

struct BadText {
  std::string text;
  long line;
  const char* part;  ///< of the message
};

void check_all(const std::vector<BadText>& cases) {
  for (const BadText& bad : cases) {
    CAPTURE(bad.text, bad.part);
    try {
      read_instances_from_text(bad.text, "bad.txt");
      FAIL_CHECK("was read without an error");
    } catch (const Error& error) {
      CAPTURE(std::string(error.what()));
      CHECK(error.file() == "bad.txt");
      CHECK(error.line() == bad.line);
      CHECK(error.message().find(bad.part) != std::string::npos);
      CHECK(error.message().find('\n') == std::string::npos);
    }
  }
}

/// An LP file around one row and what stands behind the rows.
std::string lp(const std::string& row, const std::string& rest = "Binary\n x y\nEnd\n") {
  return "Maximize\n obj: 3 x + 2 y\nSubject To\n" + row + "\n" + rest;
}

std::string mps(const std::string& rows, const std::string& columns, const std::string& rest) {
  return "NAME T\nROWS\n N O\n" + rows + "COLUMNS\n" + columns + "RHS\n" + rest + "ENDATA\n";
}

}  // namespace

TEST_CASE("what begins like no format is refused", "[io][errors]") {
  check_all({
      {"", 1, "file is empty"},
      {" \n\n\t\n", 1, "file is empty"},
      {"\n\nhello world\n1 2 3\n", 3, "found 'hello world'; expected the start of"},
      {std::string("\x7f"
                   "ELF\0\1\2",
                   7),
       1, "expected the start of"},
      {"* only a comment\n", 1, "expected the start of"},
      {"nan 1 0\n", 1, "expected the start of"},
  });
}

TEST_CASE("files of numbers must account for every number", "[io][errors]") {
  check_all({
      {"1\n2 1 0\n3 4\n5 6\n", 4, "found 8 numbers; expected 9"},
      {"1\n2 1 0\n3 4\n5 6\n7\n8\n", 6, "found 10 numbers; expected 9"},
      {"2\n2 1 0\n3 4\n5 6\n7\n", 5, "the file ends where the number of items of instance 1"},
      {"2\n1 1 0 1 1 1\n50 5 0\n3 4\n", 4, "up to instance 1 of 2 with 50 items and 5 rows"},
      {"2 1 0\n3 4\n5 6\n", 3, "found 7 numbers; expected 8 for an instance 'n m optimum'"},
      {"2 1 0\n3 4\n5 6\n7\n\n9 9", 6, "found 10 numbers; expected 8"},
      {"3 10\n1 2\n3 4\n", 3, "found 6 numbers; expected 8 for a file 'n capacity'"},
      {"1\n2000000000 2000000000 0\n3 4\n", 3, "2000000000 items and 2000000000 rows"},
  });
}

TEST_CASE("dimensions must be whole and positive", "[io][errors]") {
  check_all({
      {"1\n0 1 0\n5\n", 2, "the number of items is '0'"},
      {"1\n1 0 0\n5\n", 2, "the number of rows is '0'"},
      {"2\n1 1 9 1 1 1\n5 0 0\n1 2 3 4 5\n6\n", 3, "the number of rows of instance 1 is '0'"},
      {"0 5 0\n", 1, "the number of items is '0'"},
      {"5 0 0\n1 2 3 4 5\n", 1, "the number of rows is '0'"},
      {"0\n", 1, "the number of instances is '0'"},
      {"-1\n1 1 0 1 1 1\n", 1, "the number of instances is '-1'"},
      {"1.5 1 0\n1 1 1\n", 1, "the number of items is '1.5'"},
      {"99999999999 1 0\n1 1 1\n", 1, "from 1 to 2147483647"},
  });
}

TEST_CASE("numbers that are none are named with their item and row", "[io][errors]") {
  check_all({
      {"2 1 0\n3 abc\n5 6\n7\n", 2, "profit 1 is 'abc'; expected a number"},
      {"2 1 0\n3 nan\n5 6\n7\n", 2, "profit 1 is 'nan'"},
      {"2 1 0\n3 4\n5 inf\n7\n", 3, "weight of row 0 and item 1 is 'inf'"},
      {"2 1 0\n3 4\n5 6\n-Infinity\n", 4, "capacity 0 is '-Infinity'"},
      {"2 1 x\n3 4\n5 6\n7\n", 1, "the optimum is 'x'"},
      {"2 1 0\n3 4\n5 1e400\n7\n", 3, "is '1e400'; expected a magnitude below 2^63"},
      {"2 1 0\n3 9223372036854775808\n5 6\n7\n", 2, "below 2^63"},
      {"2 1 0\n3 0.1234567890123456789\n5 6\n7\n", 2, "at most 18 decimals"},
      {"2 1 0\n3 1e-19\n5 6\n7\n", 2, "at most 18 decimals"},
      {"2 1 0\n3 1e\n5 6\n7\n", 2, "is '1e'"},
      {"2 1 0\n3 --1\n5 6\n7\n", 2, "is '--1'"},
      {"2 1 0\n3 1.2.3\n5 6\n7\n", 2, "is '1.2.3'"},
      {"2 1 0\n3 0x10\n5 6\n7\n", 2, "is '0x10'"},
      {"2 1 0\n3 1,000\n5 6\n7\n", 2, "is '1,000'"},
      {std::string("2 1 0\n3 4\0\n5 6\n7\n", 17), 2, "is '4?'"},
  });
}

TEST_CASE("sums that leave 63 bits are refused at the number that does it", "[io][errors]") {
  const std::string large = "9223372036854775807";
  check_all({
      {"2 1 0\n" + large + " 1\n5 6\n7\n", 2, "profit 1 the sum of magnitudes reaches 2^63"},
      {"2 1 0\n1 1\n5\n" + large + "\n7\n", 4, "item 1 the sum of magnitudes reaches 2^63"},
      {"1 2 0\n1\n1\n1\n5\n" + large + "\n", 4, "weight of row 1 and item 0 the sum"},
      {"2 1 0\n1 1\n" + large + "\n0.5\n7\n", 3, "to make all of them integers) reaches 2^63"},
      {"1 1 0\n1\n0.1\n" + large + "\n", 4, "the capacity of row 0"},
      {"1 1 " + large + "\n0.1\n1\n1\n", 1, "the optimum"},
      {"3\n1 " + large + " 1\n2 1 1\n3 1 1\n7\n", 3, "profit 1 the sum"},
      {"k\nn 2\nc 1\nz 0\ntime 0\n1," + large + ",1,0\n2,1,1,0\n---\n", 7, "profit 1 the sum"},
      {lp("y + " + large + " x <= 0"), 4, "the magnitudes of row '1' up to column 'x'"},
      {"max: " + large + " x1 1 x2 ;\n1 x1 <= 1 ;\n", 1, "the magnitudes of the objective"},
  });
}

TEST_CASE("items of both signs are no knapsack", "[io][errors]") {
  check_all({
      {"1\n1 2 0\n5\n1\n-1\n3 4\n", 2, "item 0 has weights of both signs"},
      {lp("r1: x + y <= 3\nr2: x >= 1"), 5,
       "'x' has coefficients of both signs, here and in row 'r1'"},
      {"min: 1 x1 ;\n1 x1 >= 1 ;\n1 x1 <= 1 ;\n", 3, "both signs"},
  });
}

TEST_CASE("Pisinger's layouts are held to their lines", "[io][errors]") {
  const std::string head = "k\nn 2\nc 5\nz 3\ntime 0.1\n";
  check_all({
      {"2\n1 3 4\n3 5 6\n7\n", 3,
       "found '3' where the line of an item begins; expected its index 2"},
      {"2\n0 3 4\n2 5 6\n7\n", 3, "expected its index 1"},
      {head + "1,3,5,1\n", 6, "the file ends where '2,PROFIT,WEIGHT,CHOSEN'"},
      {head + "1,3,5,1\n2,3,5\n---\n", 7, "found '2,3,5'; expected '2,PROFIT,WEIGHT,CHOSEN'"},
      {head + "1,3,5,1\n3,3,5,0\n---\n", 7, "expected '2,PROFIT,WEIGHT,CHOSEN'"},
      {head + "1,3,5,1\n2,3,5,2\n---\n", 7, "with CHOSEN 0 or 1"},
      {head + "1,3,5,1\n2,3,5,0,9\n---\n", 7, "found '2,3,5,0,9'"},
      {head + "1,3,5,1\n2,nan,5,0\n---\n", 7, "found '2,nan,5,0'"},
      {head + "1,3,5,1\n2,3,5,0\n3,1,1,0\n---\n", 8, "behind item 2; expected '-----'"},
      {head + "1,3,5,1\n2,3,5,0\n", 7, "'-----' behind the last item is expected"},
      {"k\nn 0\nc 5\nz 3\ntime 0.1\n", 2, "expected a number of items"},
      {"k\nn 9999999999\nc 5\nz 3\ntime 0.1\n", 2, "expected a number of items"},
      {"k\nn 2\nz 5\n", 3, "expected a line 'c NUMBER'"},
      {head + "1,3,5,1\n2,3,5,0\n---\nrest\n", 9, "the file ends where a line 'n NUMBER'"},
  });
}

TEST_CASE("mknap2 is held to its rulers", "[io][errors]") {
  const std::string ruler = "+++++\n", problem = "problem A\n" + ruler;
  check_all({
      {"prose\n" + problem + "1 2\n3 4\n5\n6 7\n", 7, "the file ends where the optimum"},
      {"prose\n" + problem + "1 2\n3 4\n5\n6 7\n8\nmore\n", 9, "found 'more'; expected 'problem"},
      {"prose\n" + problem + "1 2\n3 4\n5\n6 7\n8\nproblem B\n1 1\n", 10, "a line of '+'"},
      {"prose\n" + problem + "0 2\n3 4\n5\n", 4, "the number of rows is '0'"},
      {"prose\n" + problem + "9999 9999\n3 4\n5\n", 4, "no more than the file can hold"},
      {"prose\n" + problem + "1 2\n3 x\n5\n6 7\n8\n", 5, "profit 1 is 'x'"},
  });
}

TEST_CASE("OPB that is no knapsack is refused", "[io][errors]") {
  const std::string objective = "max: 1 x1 2 x2 ;\n";
  check_all({
      {"1 x1 >= 1 ;\n", 1, "expected an objective 'min:' or 'max:'"},
      {"* #variable= 1 #constraint= 1\n1 x1 >= 1 ;\n", 2, "expected an objective"},
      {objective, 1, "the model has no rows"},
      {"max: ;\n", 1, "the model has no columns"},
      {objective + "1 x1 1 x2 = 1 ;\n", 2, "found '='; expected a term, '>=' or '<='"},
      {objective + "1 x1 x2 <= 1 ;\n", 2, "found a product of variables"},
      {objective + "1 x1 1 x1 <= 1 ;\n", 2, "variable 'x1' appears twice in constraint 1"},
      {"max: 1 x1 1 ~x1 ;\n1 x1 <= 1 ;\n", 1, "appears twice in the objective"},
      {objective + "1.5 x1 <= 1 ;\n", 2, "found '1.5'; expected an integer"},
      {objective + "99999999999999999999 x1 <= 1 ;\n", 2, "expected an integer of magnitude"},
      {objective + "1 x1 <= 1\n", 2, "the file ends; expected ';'"},
      {objective + "1 x1 <= 1 ;\n1 x2 <=", 3, "the file ends; expected a number"},
      {objective + "1 x1 <= 1 ;\nrest\n", 3, "found 'rest'; expected a term"},
      {objective + "<= 1 ;\n", 2, "expected a term such as '+3 x1'"},
      {objective + "3 <= 1 ;\n", 2, "expected a variable such as x1"},
      {objective + "[5] 1 x1 <= 1 ;\n", 2, "expected a term"},
      {"* #variable= 2 #constraint= 2\n" + objective + "1 x1 <= 1 ;\n", 3,
       "found 1 constraints; expected the 2 of the header"},
      {"* #variable= 1 #constraint= 1\n" + objective + "1 x1 <= 1 ;\n", 3,
       "found 2 variables; expected at most the 1 of the header"},
      {objective + "9223372036854775807 ~x1 <= -1 ;\n", 2, "the right-hand side reaches 2^63"},
  });
}

TEST_CASE("MPS that is no knapsack is refused", "[io][errors]") {
  const std::string rows = " L R\n", columns = " X O 3 R 2\n", rest = " R 5\nBOUNDS\n BV X\n";
  check_all({
      {"NAME T\nROWS\n N O\n L R\n", 4, "ends without ENDATA"},
      {mps(rows, columns, rest) + " more\n", 12, "found text behind ENDATA"},
      {mps(" E R\n", columns, rest), 4, "row 'R' has type 'E'; expected N, L or G"},
      {mps(" L R\n L R\n", columns, rest), 5, "row 'R' is declared twice"},
      {mps(rows, " X O 3 R 2\n Y R 1\n X R 1\n", rest), 8, "column 'X' appears twice"},
      {mps(rows, " X O 3 R 2\n X R 1\n", rest), 7, "column 'X' has two entries in row 'R'"},
      {mps(rows, " X O 3 Q 2\n", rest), 6, "found the row 'Q'"},
      {mps(rows, " X O 3 R\n", rest), 6, "found 4 fields"},
      {mps(rows, " X O 3 R nan\n", rest), 6, "the entry of column 'X' is 'nan'"},
      {mps(rows, " X O 3 R 1e30\n", rest), 6, "expected a magnitude below 2^63"},
      {mps(rows, columns, " Q 5\n"), 8, "found the row 'Q'"},
      {mps(rows, columns, " R 5\n R 6\n"), 9, "row 'R' has two right-hand sides"},
      {mps(rows, columns, " A R 5\n B O 6\n"), 9, "found the set 'B' besides 'A'"},
      {mps(rows, columns, " R 5\n"), 6, "column 'X' is continuous; expected a binary column"},
      {mps(rows, " M 'MARKER' 'INTORG'\n" + columns, " R 5\n"), 7,
       "is an integer without an upper bound"},
      {mps(rows, columns, " R 5\nBOUNDS\n UP X 2\n"), 10, "has the upper bound 2"},
      {mps(rows, columns, " R 5\nBOUNDS\n LO X 1\n"), 10, "has the lower bound 1"},
      {mps(rows, columns, " R 5\nBOUNDS\n UP X 1\n"), 6, "is continuous"},
      {mps(rows, columns, " R 5\nBOUNDS\n FX X 1\n"), 10, "has a bound of type 'FX'"},
      {mps(rows, columns, " R 5\nBOUNDS\n FR X\n"), 10, "has a bound of type 'FR'"},
      {mps(rows, columns, " R 5\nBOUNDS\n BV Z\n"), 10, "found the column 'Z'"},
      {mps(rows, columns, " R 5\nRANGES\n RNG R 2\n"), 10, "found a range"},
      {mps(rows, columns, " R 5\nSOS\n"), 9, "found section 'SOS'"},
      {mps(rows, " M 'MARKER' 'INTEND'\n" + columns, rest), 6, "found the marker ''INTEND'' twice"},
      {mps(rows, "", ""), 7, "the model has no columns"},
      {mps("", " X O 3\n", "BOUNDS\n BV X\n"), 9, "the model has no rows"},
      {"NAME T\nROWS\n L R\nCOLUMNS\n X R 1\nBOUNDS\n BV X\nENDATA\n", 8, "no N row was found"},
      {"NAME T\nOBJSENSE\n UP\nROWS\n", 3, "found the objective sense 'UP'"},
  });
}

TEST_CASE("LP that is no knapsack is refused", "[io][errors]") {
  check_all({
      {lp("x + y = 3"), 4, "found '='; expected a term, '<=' or '>='"},
      {lp("x + x <= 3"), 4, "column 'x' appears twice in row '1'"},
      {lp("a: x <= 3\na: y <= 1"), 5, "row 'a' appears twice"},
      {lp("x + 2 <= 3"), 4, "found a constant in row '1'"},
      {lp("x <= y"), 4, "found 'y'; expected a number on the right-hand side"},
      {lp("1 <= x <= 3"), 4, "found a constant in row '1'"},
      {lp("x <= 3 <= 4"), 4, "expected a row to end"},
      {lp("x <= nan"), 4, "found 'nan'; expected a number"},
      {lp("x <= 1e99"), 4, "expected a magnitude below 2^63"},
      {lp("x * 2 <= 3"), 4, "found '*'; expected a term"},
      {lp("[ x ^ 2 ] <= 3"), 4, "expected a term such as"},
      {lp("x <= 3", "End\n"), 2, "column 'x' is continuous"},
      {lp("x <= 3", "Binary\n x\nEnd\n"), 2, "column 'y' is continuous"},
      {lp("x <= 3", "General\n x y\nEnd\n"), 2, "column 'x' has no upper bound"},
      {lp("x <= 3", "Binary\n x y x\nEnd\n"), 6, "expected every column to be listed once"},
      {lp("x <= 3", "Binary\n x y z\nEnd\n"), 6, "expected a column that the objective or a row"},
      {lp("x <= 3", "Bounds\n x <= 2\nBinary\n x y\nEnd\n"), 6, "found a bound that is not <= 1"},
      {lp("x <= 3", "Bounds\n 1 <= x\nBinary\n x y\nEnd\n"), 6, "found a bound that is not >= 0"},
      {lp("x <= 3", "Bounds\n x = 1\nBinary\n x y\nEnd\n"), 6, "found '='; expected '<=' or '>='"},
      {lp("x <= 3", "Bounds\n x free\nBinary\n x y\nEnd\n"), 6, "found 'free'"},
      {lp("x <= 3", "Binary\n x y\n"), 6, "the file ends"},
      {lp("x <= 3", "Binary\n x y\nEnd\nmore\n"), 8, "expected the file to end behind 'End'"},
      {lp("x <= 3", "Semi-continuous\n x\nEnd\n"), 5, "found 'Semi-continuous'"},
      {lp("x <= 3", "SOS1\n x\nEnd\n"), 5, "found 'SOS1'"},
      {lp(""), 7, "the model has no rows"},
      {"Maximize\n obj: 3 x\nEnd\n", 3, "expected a term or 'Subject To'"},
      {"Maximize\n 3 + 4\nst\n x <= 1\nBinary\n x\nEnd\n", 2, "a constant in the objective twice"},
      {"\\ only a comment\n", 1, "expected 'Maximize' or 'Minimize'"},
      {"Maximize\n 3 x", 2, "the file ends; expected a term or 'Subject To'"},
  });
}
