#pragma once

#include <string>
#include <vector>

#include "espalier/resource_model/network.hpp"

#include "report_rows.hpp"

namespace espalier::bench {

/// What the tables of reports tell about one synthesised network, put together again.
struct ListedNetwork {
  resource_model::Network network;
  /// What neither table tells, so that the estimate must be off; empty when all is known.
  std::vector<std::string> gaps;
};

/// The network of a row of networks.csv.gz, which lists only the matrix layers with their folding.
///
/// Types and image sizes come from the rows of layers.csv.gz of the same project, or else of
/// another project of the repository. What lies between the matrix layers is what their sizes need:
/// pooling where the next image is smaller, resizing where it is a multiple, zero padding where it
/// is larger by a window less one, Flatten or global pooling before a dense layer. Hidden layers
/// are taken to have a ReLU. The first image is padded if any other one is. Layers without a row
/// take the types of another layer.
ListedNetwork listed_network(const ReportRow& report, const std::vector<ReportRow>& layer_rows);

}  // namespace espalier::bench
