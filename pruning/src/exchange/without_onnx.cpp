// In place of the onnx_*.cpp files where the build leaves ONNX out.

#include "espalier/support/error.hpp"

#include "exchange/onnx_reader.hpp"

namespace espalier::pruning {

TensorFile read_onnx(const std::filesystem::path& file) {
  throw Error(file.string(), 0,
              "this build cannot read ONNX; expected one configured with -DESPALIER_WITH_ONNX=ON");
}

}  // namespace espalier::pruning
