// A generated stand-in for the LHC jet tagging data (Pierini, Duarte, Tran, Freytsis, "hls4ml LHC
// jet dataset", Zenodo 3602260), whose 830,000 jets are not ours to ship. It keeps what matters to
// pruning: 16 features that say a few things many times over, five overlapping classes, and
// boundaries that no linear model finds. Numbers are made with additions, multiplications,
// divisions and square roots only, which IEEE 754 rounds the same everywhere; the logarithms and
// cosines of C libraries differ in last bits.
#include <array>
#include <cmath>
#include <string>

#include "espalier/pruning/dataset.hpp"
#include "espalier/support/random.hpp"

#include "data/standardize.hpp"

namespace espalier::pruning {
namespace {

constexpr int kNumClasses = 5;  // g, q, t, w, z, in the order of the real data
constexpr std::size_t kNumFeatures = 16;

using Features = std::array<double, kNumFeatures>;

/// Mean 0, variance 1: the sum of twelve uniform numbers, normal enough and exact everywhere.
double bell(Random& random) {
  double sum = -6.0;
  for (int i = 0; i < 12; ++i) sum += random.uniform();
  return sum;
}

/// What a jet is before it is measured.
struct Jet {
  double mass;       ///< in units of about 26 GeV
  double two;        ///< small when the energy sits in two prongs
  double three;      ///< small when it sits in three
  double particles;  ///< multiplicity
  double momentum;   ///< nothing to do with the class
};

/// Centre and width of one population of jets.
struct Population {
  double mass, mass_width, two, three, particles;
};

// Quark and gluon jets have any mass below that of the top and no prongs; gluons radiate more. W
// and Z are narrow peaks beside each other in the middle of that continuum, so that their
// boundaries close around them.
constexpr std::array<Population, kNumClasses> kPopulations = {{
    {3.4, 1.50, 0.6, 0.4, 1.1},    // g
    {3.0, 1.50, 0.6, 0.5, -1.1},   // q
    {5.2, 0.60, 0.0, -0.9, 0.7},   // t
    {3.0, 0.21, -0.6, 0.3, -0.1},  // w
    {3.6, 0.23, -0.6, 0.3, 0.1},   // z
}};
// A top whose b quark falls outside the cone: what is left is a W with one more prong.
constexpr Population kLeakedTop = {3.2, 0.50, -0.6, -0.3, 0.4};
constexpr double kLeakedTops = 0.2;

Jet draw_jet(Random& random, int label) {
  const bool leaked = label == 2 && random.chance(kLeakedTops);
  const Population& p = leaked ? kLeakedTop : kPopulations[static_cast<std::size_t>(label)];
  Jet jet{};
  jet.momentum = bell(random);
  jet.mass = p.mass + p.mass_width * bell(random);
  jet.two = p.two + 0.65 * bell(random);
  jet.three = p.three + 0.65 * bell(random);
  jet.particles = p.particles + 0.8 * bell(random) + 0.2 * jet.momentum;
  return jet;
}

/// Rational stand-in for a saturating response.
double saturate(double x) { return x / (1.0 + std::fabs(x)); }

/// The sixteen observables, in the order of the real data; each is a skewed view of the same jet,
/// with noise of its own.
Features measure(const Jet& jet, Random& random) {
  const double m = jet.mass - 3.3;
  const double squeeze = 1.0 / (1.0 + 0.15 * jet.momentum * jet.momentum);
  Features f = {
      jet.particles + 0.4 * saturate(jet.two),    // zlogz
      jet.particles * squeeze + 0.3 * m,          // c1_b0
      m + 0.5 * jet.particles,                    // c1_b1
      m * squeeze + 0.2 * m * saturate(m),        // c1_b2
      jet.two + 0.4 * saturate(m),                // c2_b1
      jet.two + 0.3 * jet.three,                  // c2_b2
      jet.two - 0.5 * saturate(2.0 * m),          // d2_b1
      jet.two * squeeze,                          // d2_b2
      jet.two - 0.5 * jet.three,                  // d2_a1_b1
      saturate(jet.two - jet.three),              // d2_a1_b2
      jet.three + 0.3 * jet.two,                  // m2_b1
      saturate(jet.three) + 0.3 * jet.particles,  // m2_b2
      jet.three * squeeze + 0.2 * m,              // n2_b1
      saturate(2.0 * jet.three + jet.two),        // n2_b2
      m,                                          // mass
      jet.particles + 0.3 * jet.momentum,         // multiplicity
  };
  for (double& value : f) value += 0.15 * bell(random);
  return f;
}

Dataset draw_set(std::size_t size, std::uint64_t seed) {
  Dataset data;
  data.sample_shape = {static_cast<int>(kNumFeatures)};
  data.num_classes = kNumClasses;
  data.labels.reserve(size);
  data.features.reserve(size * kNumFeatures);
  Random random(seed);
  for (std::size_t i = 0; i < size; ++i) {
    const auto label = static_cast<int>(random.integer(0, kNumClasses - 1));
    data.labels.push_back(label);
    for (const double value : measure(draw_jet(random, label), random)) {
      data.features.push_back(static_cast<float>(value));
    }
  }
  return data;
}

}  // namespace

DataSplit generate_jets(std::size_t num_train, std::size_t num_validation, std::size_t num_test,
                        std::uint64_t seed) {
  // Each part has a stream of its own: the size of one does not change the others.
  Random seeds(seed);
  DataSplit split;
  split.train = draw_set(num_train, seeds.bits());
  split.validation = draw_set(num_validation, seeds.bits());
  split.test = draw_set(num_test, seeds.bits());
  data::standardize(split);
  split.description =
      "generated jets, 16 standardised features, 5 classes: " + std::to_string(num_train) +
      " training, " + std::to_string(num_validation) + " validation and " +
      std::to_string(num_test) + " test samples, seed " + std::to_string(seed);
  return split;
}

}  // namespace espalier::pruning
