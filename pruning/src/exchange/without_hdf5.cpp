// In place of hdf5_reader.cpp and hdf5_writer.cpp where the build leaves HDF5 out.

#include "espalier/pruning/export_model.hpp"
#include "espalier/support/error.hpp"

#include "exchange/tensor_file.hpp"

namespace espalier::pruning {
namespace {

constexpr const char* kMissing =
    "this build cannot read or write HDF5; expected one configured with -DESPALIER_WITH_HDF5=ON";

}  // namespace

TensorFile read_keras_hdf5(const std::filesystem::path& file) {
  throw Error(file.string(), 0, kMissing);
}

bool can_export_models() noexcept { return false; }

std::string write_keras_hdf5(const std::string&, const std::vector<LayerTensors>&) {
  throw Error(kMissing);
}

}  // namespace espalier::pruning
