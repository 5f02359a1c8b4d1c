/* SPDX-License-Identifier: Apache-2.0 */
#include "scripted_replica.h"

#include <stdlib.h>

#include <icws/cbor.h>

void scripted_certify(const struct scripted_replica *replica, struct icws_buf *tree,
                      struct icws_buf *certificate)
{
  maker_put_certificate(certificate, icws_buf_bytes(tree), &replica->root, &replica->subnet,
                        icws_bytes_of(NULL, 0));
  if (icws_buf_error(certificate) != ICWS_OK)
    abort();
  icws_buf_wipe(tree);
}

static void put_leaf(struct icws_buf *tree, const char *label, struct icws_bytes value)
{
  maker_put_label(tree, icws_bytes_text(label));
  maker_put_leaf(tree, value);
}

static void put_text_leaf(struct icws_buf *tree, const char *label, const char *value)
{
  put_leaf(tree, label, icws_bytes_text(value));
}

static void put_status(struct icws_buf *tree, enum scripted_status status, struct icws_bytes reply)
{
  switch (status) {
  case SCRIPTED_REPLIED:
    maker_put_fork(tree);
    put_leaf(tree, "reply", reply);
    put_text_leaf(tree, "status", "replied");
    break;
  case SCRIPTED_REJECTED:
    maker_put_fork(tree);
    put_text_leaf(tree, "error_code", "IC0406");
    maker_put_fork(tree);
    put_leaf(tree, "reject_code", icws_bytes_of("\x04", 1));
    maker_put_fork(tree);
    put_text_leaf(tree, "reject_message", "not today");
    put_text_leaf(tree, "status", "rejected");
    break;
  case SCRIPTED_DONE:
    put_text_leaf(tree, "status", "done");
    break;
  case SCRIPTED_PROCESSING:
  case SCRIPTED_ABSENT:
    put_text_leaf(tree, "status", "processing");
    break;
  }
}

void scripted_put_call_certificate(struct scripted_replica *replica, const uint8_t *request_id,
                                   enum scripted_status status, struct icws_bytes reply,
                                   uint64_t time_ns, struct icws_buf *certificate)
{
  struct icws_buf tree;
  icws_buf_init(&tree, 0, NULL);
  if (status != SCRIPTED_ABSENT) {
    maker_put_fork(&tree);
    maker_put_label(&tree, icws_bytes_text("request_status"));
    maker_put_label(&tree, icws_bytes_of(request_id, ICWS_REQUEST_ID_BYTES));
    put_status(&tree, status, reply);
  }
  maker_put_time(&tree, time_ns);
  scripted_certify(replica, &tree, certificate);
}

static void put_ranges(const struct scripted_replica *replica, struct icws_buf *tree)
{
  struct icws_buf list;
  icws_buf_init(&list, 0, NULL);
  icws_cbor_put_array(&list, 1);
  icws_cbor_put_array(&list, 2);
  icws_cbor_put_bytes(&list, icws_principal_bytes(&replica->canister));
  icws_cbor_put_bytes(&list, icws_principal_bytes(&replica->canister));
  put_leaf(tree, "canister_ranges", icws_buf_bytes(&list));
  icws_buf_wipe(&list);
}

void scripted_put_subnet(const struct scripted_replica *replica, struct icws_buf *tree)
{
  maker_put_label(tree, icws_bytes_text("subnet"));
  maker_put_label(tree, icws_principal_bytes(&replica->subnet));
  maker_put_fork(tree);
  put_ranges(replica, tree);
  maker_put_fork(tree);
  maker_put_label(tree, icws_bytes_text("node"));
  maker_put_label(tree, icws_principal_bytes(&replica->node));
  put_leaf(tree, "public_key",
           icws_bytes_of(replica->node_public_key, sizeof replica->node_public_key));
  put_leaf(tree, "public_key", maker_key_der(&replica->root));
}

void scripted_put_metadata(const struct scripted_replica *replica, struct icws_buf *tree)
{
  maker_put_label(tree, icws_bytes_text("canister"));
  maker_put_label(tree, icws_principal_bytes(&replica->canister));
  maker_put_label(tree, icws_bytes_text("metadata"));
  put_text_leaf(tree, "candid:service", "service : {}");
}
