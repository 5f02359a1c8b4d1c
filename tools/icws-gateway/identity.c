/* SPDX-License-Identifier: Apache-2.0 */
#include "identity.h"

bool icws_gateway_identity_open(const char *path, struct icws_log *log, struct icws_key_file *file)
{
  struct icws_failure failure;
  const struct icws_log_field fields[] = {{"file", path}};
  if (icws_key_file_open(file, path, true, &failure) != ICWS_OK) {
    icws_log_event(log, ICWS_GATEWAY_LOG_ERROR, "identity_failed", fields, 1, "%s", failure.text);
    return false;
  }
  if (file->in_use) {
    icws_log_event(log, ICWS_GATEWAY_LOG_ERROR, "identity_in_use", fields, 1,
                   "%s: another gateway runs with this identity: end it, or give this one a file "
                   "of its own with --identity",
                   path);
    return false;
  }
  if (file->created)
    icws_log_event(log, ICWS_GATEWAY_LOG_INFO, "identity_created", fields, 1,
                   "made a new identity in %s; keep a copy: canisters may know the gateway by it",
                   path);
  return true;
}
