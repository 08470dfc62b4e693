// Mini-batch training. A step is: loss and gradient of the batch (chunks in parallel), gradient of
// the penalties, mask, update rule. All sums have a fixed order, so that the parameters after any
// number of steps are the same bits for any number of threads.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "espalier/pruning/train.hpp"
#include "espalier/support/error.hpp"
#include "espalier/support/random.hpp"

#include "nn/chain.hpp"
#include "nn/noise.hpp"
#include "train/batch_gradient.hpp"
#include "train/checks.hpp"
#include "train/evaluator.hpp"
#include "train/group_regularizer.hpp"
#include "train/learning_rate.hpp"
#include "train/optimizer.hpp"
#include "train/thread_pool.hpp"

namespace espalier::pruning {
namespace nn {
namespace {

using Clock = std::chrono::steady_clock;

// Parameters per parallel block of an update, some 10 us of work.
constexpr std::size_t kUpdateBlock = 8192;
constexpr auto kProgressInterval = std::chrono::milliseconds(200);

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// What a step leaves of the running statistics of batch normalisations.
constexpr float kStatisticsMomentum = 0.95F;

/// One byte per parameter, 1 = trained.
std::vector<std::uint8_t> flat_mask(const ParameterLayout& layout, const KernelMasks& masks) {
  std::vector<std::uint8_t> flat(layout.size(), 1);
  for (const ParameterLayout::Block& block : layout.statistics()) {
    std::fill_n(flat.begin() + static_cast<std::ptrdiff_t>(block.offset), block.size,
                std::uint8_t{0});
  }
  for (std::size_t i = 0; i < masks.size(); ++i) {
    std::copy(masks[i].begin(), masks[i].end(),
              flat.begin() + static_cast<std::ptrdiff_t>(layout.kernel(i).offset));
  }
  return flat;
}

/// One call of train().
class Trainer {
 public:
  Trainer(const Sequential& network, const Dataset& data, const Dataset& validation,
          const TrainOptions& options, const KernelMasks& masks)
      : data_(data),
        validation_(validation),
        options_(options),
        chain_(network, options.fixed_point),
        threads_(options.threads),
        batches_(chain_, data, options.batch_size, threads_, options.augmentation),
        evaluator_(chain_, threads_),
        regularizer_(options.penalties, chain_.layout(), threads_),
        rule_(make_update_rule(options.optimizer, chain_.layout().size())),
        random_(options.seed),
        mask_(flat_mask(chain_.layout(), masks)),
        parameters_(chain_.layout().gather(network)),
        rounded_(chain_.rounds_parameters() ? parameters_.size() : 0),
        gradient_(parameters_.size()),
        order_(data.size()) {
    std::iota(order_.begin(), order_.end(), 0U);
    const auto batch = static_cast<std::size_t>(options.batch_size);
    steps_per_epoch_ = (data.size() + batch - 1) / batch;
    chain_.clamp_parameters(parameters_.data());
  }

  /// Trains, leaves the parameters to keep in parameters() and returns their accuracy.
  double run() {
    double last = 0.0;
    bool evaluated = false;
    for (int epoch = 1; epoch <= options_.epochs; ++epoch) {
      const auto start = Clock::now();
      const double loss = run_epoch(epoch);
      evaluated = !stopped_;
      if (stopped_) break;
      if (!std::isfinite(loss)) {
        diverged(epoch);
        break;
      }
      last = evaluate();
      remember(epoch, last);
      if (options_.on_epoch) {
        options_.on_epoch({.epoch = epoch,
                           .num_epochs = options_.epochs,
                           .loss = loss,
                           .validation_accuracy = last,
                           .seconds = seconds_since(start)});
      }
      if (options_.patience > 0 && epoch - best_epoch_ >= options_.patience) break;
    }
    if (!best_.empty()) {
      parameters_ = std::move(best_);
      return kept_accuracy_;
    }
    return evaluated ? last : evaluate();
  }

  const std::vector<float>& parameters() const noexcept { return parameters_; }
  const ParameterLayout& layout() const noexcept { return chain_.layout(); }

 private:
  /// Mean loss of the epoch; what it is when stopped means nothing.
  double run_epoch(int epoch) {
    shuffle();
    double loss = 0.0;
    const std::span<const std::uint32_t> order(order_);
    const auto batch = static_cast<std::size_t>(options_.batch_size);
    for (std::size_t step = 0; step < steps_per_epoch_; ++step) {
      if (options_.stop.stop_requested()) {
        stopped_ = true;
        return loss;
      }
      const std::size_t first = step * batch;
      loss += run_step(order.subspan(first, std::min(batch, order.size() - first)));
      report_progress(epoch, step + 1);
    }
    return loss / static_cast<double>(data_.size());
  }

  /// Sum over the batch of the losses with penalty.
  double run_step(std::span<const std::uint32_t> samples) {
    const auto count = static_cast<float>(samples.size());
    const double loss =
        batches_.run(effective_parameters(), samples, 1.0F / count,
                     Chain::Training{.noise = mix_noise(options_.seed + mix_noise(steps_done()))});
    std::fill(gradient_.begin(), gradient_.end(), 0.0F);
    update_statistics(count);
    const double penalty = regularizer_.add_gradient(parameters_.data(), gradient_.data());
    const auto num_steps =
        static_cast<std::int64_t>(steps_per_epoch_) * static_cast<std::int64_t>(options_.epochs);
    rule_->begin_step(learning_rate_at(options_, step_++, num_steps));
    threads_.for_each_block(parameters_.size(), kUpdateBlock,
                            [this](std::size_t begin, std::size_t end) {
                              batches_.add_to(gradient_.data(), begin, end);
                              for (std::size_t i = begin; i < end; ++i) {
                                gradient_[i] = mask_[i] != 0 ? gradient_[i] : 0.0F;
                              }
                              rule_->update(parameters_.data(), gradient_.data(), begin, end);
                            });
    chain_.clamp_parameters(parameters_.data());
    return loss + penalty * static_cast<double>(count);
  }

  /// Fisher and Yates, from the order of the epoch before.
  void shuffle() {
    for (std::size_t i = order_.size() - 1; i > 0; --i) {
      const auto j = random_.integer(0, static_cast<std::int64_t>(i));
      std::swap(order_[i], order_[static_cast<std::size_t>(j)]);
    }
  }

  std::uint64_t steps_done() const noexcept { return static_cast<std::uint64_t>(step_); }

  /// The parameters that samples meet: as they are, or rounded to their types.
  const float* effective_parameters() {
    if (rounded_.empty()) return parameters_.data();
    chain_.round_parameters(parameters_.data(), rounded_.data());
    return rounded_.data();
  }

  /// Moves the running statistics towards those of the batch. Leaves the gradient as it was.
  void update_statistics(float num_samples) {
    for (const ParameterLayout::Block& block : chain_.layout().statistics()) {
      const std::size_t end = block.offset + block.size;
      batches_.add_to(gradient_.data(), block.offset, end);
      for (std::size_t i = block.offset; i < end; ++i) {
        parameters_[i] = kStatisticsMomentum * parameters_[i] +
                         (1.0F - kStatisticsMomentum) * (gradient_[i] / num_samples);
        gradient_[i] = 0.0F;
      }
    }
  }

  double evaluate() {
    return static_cast<double>(evaluator_.count_correct(effective_parameters(), validation_)) /
           static_cast<double>(validation_.size());
  }

  /// Of equally accurate epochs the last one is kept: the penalty has acted longest on it.
  void remember(int epoch, double accuracy) {
    if (accuracy > best_accuracy_) best_epoch_ = epoch;
    best_accuracy_ = std::max(best_accuracy_, accuracy);
    if (!options_.restore_best || accuracy < best_accuracy_) return;
    kept_accuracy_ = accuracy;
    best_ = parameters_;
  }

  /// The loss is no longer a number: earlier epochs are kept, or there is nothing to return.
  void diverged(int epoch) const {
    if (!best_.empty()) return;
    throw Error("training diverged: the loss of epoch " + std::to_string(epoch) +
                " is not finite; expected a smaller learning_rate than " +
                std::to_string(options_.learning_rate) + " or finite features");
  }

  void report_progress(int epoch, std::size_t steps_done) {
    if (!options_.on_progress) return;
    const auto now = Clock::now();
    if (steps_done < steps_per_epoch_ && now - last_progress_ < kProgressInterval) return;
    last_progress_ = now;
    options_.on_progress(epoch,
                         static_cast<double>(steps_done) / static_cast<double>(steps_per_epoch_));
  }

  const Dataset& data_;
  const Dataset& validation_;
  const TrainOptions& options_;
  Chain chain_;
  ThreadPool threads_;
  BatchGradient batches_;
  Evaluator evaluator_;
  GroupRegularizer regularizer_;
  std::unique_ptr<UpdateRule> rule_;
  Random random_;
  std::vector<std::uint8_t> mask_;
  std::vector<float> parameters_, rounded_, gradient_;
  std::vector<std::uint32_t> order_;
  std::size_t steps_per_epoch_ = 0;
  std::int64_t step_ = 0;
  std::vector<float> best_;
  double best_accuracy_ = -1.0, kept_accuracy_ = 0.0;
  int best_epoch_ = 0;
  bool stopped_ = false;
  Clock::time_point last_progress_ = Clock::now();
};

}  // namespace
}  // namespace nn

double train(Sequential& network, const Dataset& train_data, const Dataset& validation,
             const TrainOptions& options, const KernelMasks& masks) {
  nn::check_options(network, options);
  nn::check_data(network, train_data, "the training data");
  nn::check_data(network, validation, "the validation data");
  apply_masks(network, masks);
  nn::Trainer trainer(network, train_data, validation, options, masks);
  const double accuracy = trainer.run();
  trainer.layout().scatter(trainer.parameters(), network);
  return accuracy;
}

}  // namespace espalier::pruning
