/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_GATEWAY_SERVICE_H
#define ICWS_TOOLS_GATEWAY_SERVICE_H

/* icws_service_notify tells the service manager |state| ("READY=1"), if there is one: a datagram to
 * the socket that $NOTIFY_SOCKET names (sd_notify(3)).  Nothing depends on its arrival. */
void icws_service_notify(const char *state);

/* icws_service_notify_reloading tells it that a reload begins; "READY=1" is its end. */
void icws_service_notify_reloading(void);

#endif
