#include "espalier/pruning/sequential.hpp"
