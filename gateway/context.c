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

static void default_ms(uint32_t *member, uint32_t value)
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
  default_ms(&c->polling_interval_ms, 100);
  default_ms(&c->poll_timeout_ms, 5000);
  default_ms(&c->poll_backoff_max_ms, 5000);
  default_size(&c->max_clients, 4096);
  default_size(&c->max_message_bytes, 2 * 1024 * 1024 + 4096);
  default_size(&c->max_waiting_messages, 16);
  default_size(&c->max_waiting_bytes, 4 * 1024 * 1024);
  default_size(&c->max_output_bytes, 4 * 1024 * 1024);
  default_ms(&c->first_timeout_ms, 20000);
  default_ms(&c->open_timeout_ms, 60000);
  default_ms(&c->waiting_timeout_ms, 50000);
  default_ms(&c->output_timeout_ms, 30000);
  if (!c->wall_ns)
    c->wall_ns = system_wall_ns;
  if (!c->monotonic_ns)
    c->monotonic_ns = uv_hrtime;
  if (!c->random)
    c->random = icws_random_default();
}

void gateway_log(const struct gateway_context *context, enum icws_gateway_log_level level,
                 const char *format, ...)
{
  char line[400];
  va_list arguments;

  if (!context->config.log)
    return;
  va_start(arguments, format);
  (void)vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  for (char *c = line; *c; c++)
    if (*c < ' ' || *c > '~')
      *c = '?';
  context->config.log(context->config.log_user_data, level, line);
}
