/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CLI_STATE_REPORT_H
#define ICWS_CLI_STATE_REPORT_H

#include <stdbool.h>

#include <icws/hashtree.h>

#include "state_path.h"

/* What `icws read-state` found out. */
struct icws_state_report {
  const struct icws_state_path *paths;
  size_t count;
  const struct icws_hashtree *tree; /* of a verified certificate */
  uint64_t time_ns;                 /* its time */
};

/* icws_state_report_put appends it for people, icws_state_report_put_json as one line of JSON
 * (icws-read-state(1) has its members).  Each returns whether there is a value at every path. */
bool icws_state_report_put(const struct icws_state_report *report, struct icws_buf *out);
bool icws_state_report_put_json(const struct icws_state_report *report, struct icws_buf *out);

/* icws_state_report_put_raw appends the value at the only path as it is; false if there is none. */
bool icws_state_report_put_raw(const struct icws_state_report *report, struct icws_buf *out);

/* icws_state_report_lookup finds the node at |path|; see icws_hashtree_lookup_subtree. */
enum icws_lookup icws_state_report_lookup(const struct icws_state_report *report,
                                          const struct icws_state_path *path, size_t *at);

#endif
