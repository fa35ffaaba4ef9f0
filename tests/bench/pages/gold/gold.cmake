# SPDX-License-Identifier: Apache-2.0
# The scorer's own tests and the frozen hashes; no plugin is needed.
add_test(NAME bench/gold_is_frozen_and_its_scorer_right
         COMMAND Python3::Interpreter ${CMAKE_CURRENT_LIST_DIR}/score_test.py)
