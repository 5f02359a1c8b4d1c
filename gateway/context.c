/* SPDX-License-Identifier: Apache-2.0 */
#include "context.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>

static uint64_t system_wall_ns(void)
{
  struct timespec now;

  if (clock_gettime(CLOCK_REALTIME, &now) != 0)
    return 0;
  return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

static void default_number(uint32_t *member, uint32_t value)
{
  if (*member == 0)
    *member = value;
}

static void default_size(size_t *member, size_t value)
{
  if (*member == 0)
    *member = value;
}

void gateway_context_init(struct gateway_context *context, const struct icws_gateway_config *config)
{
  struct icws_gateway_config *c = &context->config;

  *context = (struct gateway_context){.config = *config};
  if (!c->address)
    c->address = "127.0.0.1";
  default_number(&c->polling_interval_ms, 100);
  default_number(&c->poll_timeout_ms, 5000);
  default_number(&c->poll_backoff_max_ms, 5000);
  default_size(&c->max_clients, 4096);
  default_size(&c->max_message_bytes, 2 * 1024 * 1024 + 4096);
  default_size(&c->max_waiting_messages, 4);
  default_size(&c->max_waiting_bytes, 4 * 1024 * 1024);
  default_size(&c->max_output_bytes, 4 * 1024 * 1024);
  default_number(&c->first_timeout_ms, 20000);
  default_number(&c->open_timeout_ms, 60000);
  default_number(&c->waiting_timeout_ms, 50000);
  default_number(&c->output_timeout_ms, 30000);
  default_number(&c->silence_timeout_ms, 60000);
  default_number(&c->stopped_spread_ms, 5000);
  default_number(&c->connection_burst, c->connections_per_second);
  default_number(&c->message_burst, c->messages_per_second);
  default_size(&c->max_in_flight, 1);
  default_size(&c->receive_buffer_bytes, 4096);
  if (!c->wall_ns)
    c->wall_ns = system_wall_ns;
  if (!c->monotonic_ns)
    c->monotonic_ns = uv_hrtime;
  if (!c->random)
    c->random = icws_random_default();
}

uint64_t gateway_random_below(const struct gateway_context *context, uint64_t bound)
{
  const struct icws_random *random = context->config.random;
  uint64_t value;

  if (random->fill((uint8_t *)&value, sizeof value, random->user_data) != ICWS_OK)
    return 0;
  return value % bound;
}

static const char *text_of(const struct icws_principal *principal, char *text)
{
  if (!principal)
    return NULL;
  icws_principal_to_text(principal, text);
  return text;
}

void gateway_log(const struct gateway_context *context, enum icws_gateway_log_level level,
                 const char *event, const struct gateway_subject *subject, const char *format, ...)
{
  const struct gateway_subject nobody = {0};
  const struct gateway_subject *about = subject ? subject : &nobody;
  char line[400];
  char canister[ICWS_PRINCIPAL_TEXT_BYTES];
  char client[ICWS_PRINCIPAL_TEXT_BYTES];
  va_list arguments;

  if (!context->config.log)
    return;
  va_start(arguments, format);
  (void)vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  for (char *c = line; *c; c++)
    if (*c < ' ' || *c > '~')
      *c = '?';
  context->config.log(context->config.log_user_data,
                      &(struct icws_gateway_log_entry){
                          .level = level,
                          .event = event,
                          .text = line,
                          .canister = text_of(about->canister, canister),
                          .client = text_of(about->client, client),
                          .address = about->address,
                      });
}
