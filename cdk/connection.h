/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CDK_CONNECTION_H
#define ICWS_CDK_CONNECTION_H

#include <icws/error.h>
#include <icws/message.h>

struct icws_cdk;
struct icws_cdk_client;

/* How clients come and go. */

/* icws_cdk_connection_open registers |caller| as a client of the gateway in |args|.  Returns NULL
 * or the text of an error. */
const char *icws_cdk_connection_open(struct icws_cdk *cdk, const struct icws_principal *caller,
                                     const struct icws_open_args *args);

/* icws_cdk_connection_drop removes |client|, which is freed, and runs on_close.
 * icws_cdk_connection_close tells the client |reason| before; an error means that it could not be
 * told, and is gone all the same. */
void icws_cdk_connection_drop(struct icws_cdk *cdk, struct icws_cdk_client *client);
enum icws_error icws_cdk_connection_close(struct icws_cdk *cdk, struct icws_cdk_client *client,
                                          enum icws_close_reason reason);

#endif
