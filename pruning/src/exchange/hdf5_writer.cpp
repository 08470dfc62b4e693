#include <algorithm>
#include <string>
#include <vector>

#include "espalier/pruning/export_model.hpp"
#include "espalier/support/error.hpp"

#include "exchange/hdf5_handle.hpp"
#include "exchange/tensor_file.hpp"

namespace espalier::pruning {
namespace {

void require(bool success) {
  if (!success) throw Error("the HDF5 library cannot build the model file");
}

/// A text of any length; it lies in the file's heap, so that the 64 KiB of an attribute do not
/// bind.
void write_text(hid_t object, const char* name, const std::string& text) {
  const Hdf5Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
  require(H5Tset_size(type.id(), H5T_VARIABLE) >= 0 && H5Tset_cset(type.id(), H5T_CSET_UTF8) >= 0);
  const Hdf5Handle space(H5Screate(H5S_SCALAR), H5Sclose);
  const Hdf5Handle attribute(
      H5Acreate2(object, name, type.id(), space.id(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  const char* const pointer = text.c_str();
  require(attribute.is_open() && H5Awrite(attribute.id(), type.id(), &pointer) >= 0);
}

/// A list of texts, as Keras keeps the names of layers and tensors.
void write_texts(hid_t object, const char* name, const std::vector<std::string>& texts) {
  std::size_t width = 1;
  for (const std::string& text : texts) width = std::max(width, text.size());
  std::string bytes(width * texts.size(), '\0');
  for (std::size_t i = 0; i < texts.size(); ++i) texts[i].copy(&bytes[i * width], width);
  const Hdf5Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
  require(H5Tset_size(type.id(), width) >= 0 && H5Tset_strpad(type.id(), H5T_STR_NULLPAD) >= 0);
  const hsize_t count = texts.size();
  const Hdf5Handle space(H5Screate_simple(1, &count, nullptr), H5Sclose);
  const Hdf5Handle attribute(
      H5Acreate2(object, name, type.id(), space.id(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  require(attribute.is_open());
  require(texts.empty() || H5Awrite(attribute.id(), type.id(), bytes.data()) >= 0);
}

void write_tensor(hid_t group, const FileTensor& tensor) {
  const std::vector<hsize_t> dims(tensor.shape.begin(), tensor.shape.end());
  const Hdf5Handle space(H5Screate_simple(static_cast<int>(dims.size()), dims.data(), nullptr),
                         H5Sclose);
  // Without the time of day, so that the same model is the same file.
  const Hdf5Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  require(H5Pset_obj_track_times(properties.id(), false) >= 0);
  const Hdf5Handle dataset(H5Dcreate2(group, tensor.path.c_str(), H5T_IEEE_F32LE, space.id(),
                                      H5P_DEFAULT, properties.id(), H5P_DEFAULT),
                           H5Dclose);
  require(dataset.is_open() && H5Dwrite(dataset.id(), H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL,
                                        H5P_DEFAULT, tensor.values.data()) >= 0);
}

void write_version(hid_t object) {
  write_text(object, "keras_version", "2.15.0");
  write_text(object, "backend", "tensorflow");
}

void write_model(hid_t file, const std::string& architecture,
                 const std::vector<LayerTensors>& layers) {
  write_version(file);
  write_text(file, "model_config", architecture);
  const Hdf5Handle weights(H5Gcreate2(file, "model_weights", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
                           H5Gclose);
  require(weights.is_open());
  write_version(weights.id());
  // A slash in a layer's name makes groups in groups, as Keras writes them too.
  const Hdf5Handle nested(H5Pcreate(H5P_LINK_CREATE), H5Pclose);
  require(H5Pset_create_intermediate_group(nested.id(), 1) >= 0);
  std::vector<std::string> names;
  for (const LayerTensors& layer : layers) {
    const Hdf5Handle group(
        H5Gcreate2(weights.id(), layer.layer.c_str(), nested.id(), H5P_DEFAULT, H5P_DEFAULT),
        H5Gclose);
    require(group.is_open());
    std::vector<std::string> tensors;
    for (const FileTensor& tensor : layer.tensors) {
      write_tensor(group.id(), tensor);
      tensors.push_back(tensor.path);
    }
    write_texts(group.id(), "weight_names", tensors);
    names.push_back(layer.layer);
  }
  write_texts(weights.id(), "layer_names", names);
}

}  // namespace

bool can_export_models() noexcept { return true; }

std::string write_keras_hdf5(const std::string& architecture,
                             const std::vector<LayerTensors>& layers) {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  // In memory: nothing half-written can be left on disk.
  const Hdf5Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  require(H5Pset_fapl_core(access.id(), std::size_t{1} << 20, 0) >= 0);
  const Hdf5Handle file(H5Fcreate("model.h5", H5F_ACC_TRUNC, H5P_DEFAULT, access.id()), H5Fclose);
  require(file.is_open());
  write_model(file.id(), architecture, layers);
  require(H5Fflush(file.id(), H5F_SCOPE_GLOBAL) >= 0);
  const ssize_t size = H5Fget_file_image(file.id(), nullptr, 0);
  require(size > 0);
  std::string image(static_cast<std::size_t>(size), '\0');
  require(H5Fget_file_image(file.id(), image.data(), image.size()) == size);
  return image;
}

}  // namespace espalier::pruning
