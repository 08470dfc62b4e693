#include "interrupt.hpp"

#include <unistd.h>

#include "commands.hpp"

namespace espalier::app {

InterruptWatch::InterruptWatch() {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGINT);
  sigaddset(&signals_, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals_, &previous_mask_);
  watcher_ = std::jthread([this](std::stop_token closing) { wait_for_signals(closing); });
}

InterruptWatch::~InterruptWatch() {
  watcher_.request_stop();
  pthread_kill(watcher_.native_handle(), SIGTERM);  // wakes the thread, which sees the request
  watcher_.join();
  pthread_sigmask(SIG_SETMASK, &previous_mask_, nullptr);
}

void InterruptWatch::wait_for_signals(std::stop_token closing) {
  int signal = 0;
  while (sigwait(&signals_, &signal) == 0 && !closing.stop_requested()) {
    if (source_.stop_requested()) _exit(kInterrupted);
    source_.request_stop();
  }
}

}  // namespace espalier::app
