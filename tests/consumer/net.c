/* SPDX-License-Identifier: Apache-2.0 */

/* Uses libicws-net, and through it libicws: text that is no PEM is refused, and an agent comes and
 * goes, which needs the libraries that libicws-net stands on. */
#include <stdio.h>

#include <icws/agent.h>
#include <icws/keys.h>
#include <icws/version.h>

static int refuses_text(void)
{
  struct icws_identity *identity = NULL;
  struct icws_failure failure;
  enum icws_error error =
      icws_keys_from_pem(icws_bytes_text("no PEM"), NULL, NULL, &identity, &failure);

  printf("icws %s: error %d\n", ICWS_VERSION, (int)error);
  return error != ICWS_OK && !identity;
}

static int makes_an_agent(void)
{
  struct icws_agent_config config = {.network_url = "http://127.0.0.1:1"};
  struct icws_agent *agent = NULL;
  struct icws_failure failure;

  if (icws_agent_new(&config, &agent, &failure) != ICWS_OK) {
    printf("%s\n", failure.text);
    return 0;
  }
  icws_agent_run(agent); /* nothing was asked: it does not wait */
  icws_agent_del(agent);
  return 1;
}

int main(void)
{
  return refuses_text() && makes_an_agent() ? 0 : 1;
}
