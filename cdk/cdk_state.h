/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CDK_STATE_H
#define ICWS_CDK_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <icws/bytes.h>
#include <icws/message.h>

#include "cdk/icws_cdk.h"
#include "certified_tree.h"
#include "client_table.h"
#include "gateway_table.h"
#include "label_tree.h"

/* What the files of the kit share. */
struct icws_cdk {
  struct icws_cdk_config config; /* without zeros */
  struct icws_cdk_host host;
  struct icws_cdk_handlers handlers;
  uint64_t ack_interval_ns;
  uint64_t keep_alive_window_ns;

  struct icws_label_tree clients;
  struct icws_label_tree gateways;
  struct icws_certified_tree certified; /* all queued messages */
  bool certified_changed;               /* since the certified data was set */

  uint64_t ack_deadline;
  uint64_t keep_alive_deadline; /* UINT64_MAX: none */

  bool busy; /* inside a method, icws_cdk_tick or icws_cdk_close, from where handlers run */

  /* Buffers whose memory is used again. */
  struct icws_buf service; /* the Candid of a service message */
  struct icws_buf content; /* a message's certified content */
  struct icws_buf witness;
  struct icws_output_message *poll; /* config.max_poll_messages of them */
};

void *icws_cdk_allocate(const struct icws_cdk *cdk, size_t size);
void icws_cdk_release(const struct icws_cdk *cdk, void *pointer);

uint64_t icws_cdk_time(const struct icws_cdk *cdk);

/* icws_cdk_later returns |time| + |duration|, or the end of time if that is sooner. */
uint64_t icws_cdk_later(uint64_t time, uint64_t duration);

/* icws_cdk_certify sets the certified data if messages came or went.  Every way into the kit ends
 * with it. */
void icws_cdk_certify(struct icws_cdk *cdk);

#endif
