/* SPDX-License-Identifier: Apache-2.0 */
#include "announce.h"

#include <stdio.h>
#include <string.h>

#include <icws/bytes.h>
#include <icws/verifier.h>

#include "common/sibling.h"

static const char *const about[ICWS_DEVNET_CANISTERS] = {
    [ICWS_DEVNET_CHAT] = "everybody's messages to everybody",
    [ICWS_DEVNET_PINGPONG] = "answers each text with the same and \" ping\"",
    [ICWS_DEVNET_TICKER] = "a message to everybody at a fixed interval",
    [ICWS_DEVNET_ECHO] = "each message back as it came",
};

struct facts {
  const char *url;
  const char *network_url;
  char root_key[2 * ICWS_ROOT_KEY_DER_BYTES + 1];
  char canisters[ICWS_DEVNET_CANISTERS][ICWS_PRINCIPAL_TEXT_BYTES];
};

static enum icws_error collect(const struct icws_devnet *devnet, struct facts *facts)
{
  facts->url = icws_devnet_gateway_url(devnet);
  facts->network_url = icws_devnet_network_url(devnet);
  for (int i = 0; i < ICWS_DEVNET_CANISTERS; i++) {
    struct icws_principal id = icws_devnet_canister_id(devnet, (enum icws_devnet_canister)i);
    (void)icws_principal_to_text(&id, facts->canisters[i]);
  }
  return icws_hex_encode(icws_devnet_root_key(devnet), facts->root_key, sizeof facts->root_key);
}

static enum icws_error written(void)
{
  return ferror(stdout) == 0 && fflush(stdout) == 0 ? ICWS_OK : ICWS_ERR_SYSTEM;
}

/* Our own text: of all that JSON escapes there are quotes and newlines in it. */
static void print_json_string(const char *text)
{
  (void)putchar('"');
  for (; *text != '\0'; text++) {
    if (*text == '\n') {
      (void)fputs("\\n", stdout);
    } else {
      if (*text == '"' || *text == '\\') {
        (void)putchar('\\');
      }
      (void)putchar(*text);
    }
  }
  (void)putchar('"');
}

static void print_interfaces(void)
{
  for (int i = 0; i < ICWS_DEVNET_CANISTERS; i++) {
    enum icws_devnet_canister canister = (enum icws_devnet_canister)i;
    (void)printf("%s\"%s\":", i == 0 ? "" : ",", icws_devnet_canister_name(canister));
    print_json_string(icws_devnet_canister_interface(canister));
  }
}

/* URL, hex digits, principals and our own names need no escaping. */
enum icws_error icws_announce_json(const struct icws_devnet *devnet)
{
  struct facts facts;
  enum icws_error error = collect(devnet, &facts);
  if (error != ICWS_OK) {
    return error;
  }
  (void)printf("{\"gateway_url\":\"%s\",\"network_url\":\"%s\",\"root_key\":\"%s\",\"canisters\":{",
               facts.url, facts.network_url, facts.root_key);
  for (int i = 0; i < ICWS_DEVNET_CANISTERS; i++) {
    (void)printf("%s\"%s\":\"%s\"", i == 0 ? "" : ",",
                 icws_devnet_canister_name((enum icws_devnet_canister)i), facts.canisters[i]);
  }
  (void)fputs("},\"interfaces\":{", stdout);
  print_interfaces();
  (void)puts("}}");
  return written();
}

enum icws_error icws_announce_words(const struct icws_devnet *devnet)
{
  struct facts facts;
  enum icws_error error = collect(devnet, &facts);
  if (error != ICWS_OK) {
    return error;
  }
  (void)printf("A local network is running, for development only: nobody but this process vouches\n"
               "for what it certifies, and it forgets everything when it ends. Ctrl-C ends it.\n\n"
               "  gateway   %s\n"
               "  network   %s\n",
               facts.url, facts.network_url);
  for (int i = 0; i < ICWS_DEVNET_CANISTERS; i++) {
    (void)printf("  %-9s %s   %s\n", icws_devnet_canister_name((enum icws_devnet_canister)i),
                 facts.canisters[i], about[i]);
  }
  (void)printf("  root key  %s\n\n", facts.root_key);
  char chat[ICWS_SIBLING_BYTES];
  icws_sibling_word("icws-chat", chat);
  (void)printf("Chat, in another terminal or in several:\n\n  %s -g %s -c %s -n %s -k %s\n", chat,
               facts.url, facts.canisters[ICWS_DEVNET_CHAT], facts.network_url, facts.root_key);
  return written();
}
