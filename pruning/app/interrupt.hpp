#pragma once

#include <csignal>
#include <stop_token>
#include <thread>

namespace espalier::app {

/// Turns Ctrl-C (SIGINT) and SIGTERM into a stop request while it lives; the second one ends the
/// program at once with exit code 130.
///
/// The signals are blocked and a thread waits for them, so that no code runs in a signal handler.
/// Must be created before any other thread, because threads inherit what is blocked. Signals that
/// arrive while none lives have their usual effect.
class InterruptWatch {
 public:
  InterruptWatch();
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;
  ~InterruptWatch();

  std::stop_token token() const noexcept { return source_.get_token(); }
  bool is_interrupted() const noexcept { return source_.stop_requested(); }

 private:
  void wait_for_signals(std::stop_token closing);

  sigset_t signals_;
  sigset_t previous_mask_;
  std::stop_source source_;
  std::jthread watcher_;
};

}  // namespace espalier::app
