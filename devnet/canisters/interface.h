/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_DEVNET_CANISTERS_INTERFACE_H
#define ICWS_DEVNET_CANISTERS_INTERFACE_H

/* The Candid interface that all canisters of IC WebSocket have, in two pieces around the name of
 * the application's message type, whose definition goes in front. */

#define ICWS_INTERFACE_BEFORE_TYPE                                                                 \
  "type ClientKey = record { client_principal : principal; client_nonce : nat64 };\n"              \
  "type WebsocketMessage = record {\n"                                                             \
  "  client_key : ClientKey;\n"                                                                    \
  "  sequence_num : nat64;\n"                                                                      \
  "  timestamp : nat64;\n"                                                                         \
  "  is_service_message : bool;\n"                                                                 \
  "  content : blob;\n"                                                                            \
  "};\n"                                                                                           \
  "type OutputMessage = record { client_key : ClientKey; key : text; content : blob };\n"          \
  "type CertifiedMessages = record {\n"                                                            \
  "  messages : vec OutputMessage;\n"                                                              \
  "  cert : blob;\n"                                                                               \
  "  tree : blob;\n"                                                                               \
  "  is_end_of_queue : bool;\n"                                                                    \
  "};\n"                                                                                           \
  "type Result = variant { Ok; Err : text };\n"                                                    \
  "type MessagesResult = variant { Ok : CertifiedMessages; Err : text };\n"                        \
  "service : {\n"                                                                                  \
  "  ws_open : (record { client_nonce : nat64; gateway_principal : principal }) -> (Result);\n"    \
  "  ws_close : (record { client_key : ClientKey }) -> (Result);\n"                                \
  "  ws_message : (record { msg : WebsocketMessage }, opt "

#define ICWS_INTERFACE_AFTER_TYPE                                                                  \
  ") -> (Result);\n"                                                                               \
  "  ws_get_messages : (record { nonce : nat64 }) -> (MessagesResult) query;\n"                    \
  "}\n"

#define ICWS_INTERFACE_APP_MESSAGE "type AppMessage = record { text : text; timestamp : nat64 };\n"

#endif
