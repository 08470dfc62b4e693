#include "espalier/resource_model/device.hpp"

#include <set>

#include <catch2/catch.hpp>

#include "espalier/support/error.hpp"

using namespace espalier::resource_model;

TEST_CASE("A part name leads to its device whatever package and speed grade follow") {
  CHECK(find_device("xcvu9p-flga2104-2-e")->capacity.dsp == 6840);
  CHECK(find_device("XC7Z020CLG400-1")->capacity.bram18 == 280);
  CHECK(find_device("xczu28dr-ffvg1517-2-e")->name == "xczu28dr");
  CHECK(find_device("xczu2eg-sbva484-1-e")->name == "xczu2");
  CHECK(find_device("xcu250-figd2104-2L-e")->uram == 1280);
  CHECK(find_device("xcu25") == nullptr);
  CHECK(find_device("xcvu19p-fsva3824-2-e") == nullptr);
  CHECK(dsp_kind_of_part("xcvu19p-fsva3824-2-e") == DspKind::kDsp48E2);
  CHECK_THROWS_AS(dsp_kind_of_part("lcmxo2-7000"), espalier::Error);
}

TEST_CASE("A device is a budget: what a design needs beyond it is told resource by resource") {
  const Device& device = require_device("xc7z020clg400-1");
  CHECK(shortfall({220, 280, 53200, 106400}, device) == Resources{});
  CHECK(shortfall({221, 10, 60000, 0}, device) == Resources{.dsp = 1, .lut = 6800});
  CHECK_THROWS_WITH(require_device("xcvu19p-fsva3824-2-e"),
                    Catch::Contains("xcvu19p") && Catch::Contains("not known"));
}

TEST_CASE("Every known device is named once, has resources and the multipliers of its family") {
  std::set<std::string_view> names;
  for (const Device& device : known_devices()) {
    INFO(device.name);
    CHECK(names.insert(device.name).second);
    CHECK(find_device(device.name) == &device);
    CHECK(dsp_kind_of_part(device.name) == device.dsp_kind);
    CHECK(device.capacity.dsp > 0);
    CHECK(device.capacity.bram18 % 2 == 0);
    CHECK(device.capacity.ff == 2 * device.capacity.lut);
  }
}
