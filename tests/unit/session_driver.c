/* SPDX-License-Identifier: Apache-2.0 */
#include "session_driver.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* Unlike randomness, but all that a session needs of it in a test: known and different values. */
static enum icws_error fill_known(uint8_t *out, size_t len, void *user_data)
{
  struct session_driver *driver = user_data;
  uint64_t value = driver->random_calls == 0 ? driver->client_nonce : driver->random_calls;

  driver->random_calls++;
  for (size_t i = 0; i < len; i++)
    out[i] = (uint8_t)(i < 8 ? value >> (8 * i) : 0);
  return ICWS_OK;
}

void session_driver_init(struct session_driver *driver)
{
  memset(driver, 0, sizeof *driver);
  driver->random = (struct icws_random){.user_data = driver, .fill = fill_known};
  driver->config.random = &driver->random;
  for (size_t i = 0; i < DRIVER_MAX_DELIVERED; i++)
    icws_buf_init(&driver->delivered[i], 0, NULL);
  for (size_t i = 0; i < DRIVER_MAX_FRAMES; i++)
    icws_buf_init(&driver->frames[i], 0, NULL);
}

void session_driver_wipe(struct session_driver *driver)
{
  icws_session_del(driver->session);
  icws_identity_del(driver->identity);
  for (size_t i = 0; i < DRIVER_MAX_DELIVERED; i++)
    icws_buf_wipe(&driver->delivered[i]);
  for (size_t i = 0; i < DRIVER_MAX_FRAMES; i++)
    icws_buf_wipe(&driver->frames[i]);
}

enum icws_error session_driver_open(struct session_driver *driver)
{
  if (driver->identity != NULL)
    driver->config.signer = icws_identity_signer(driver->identity);
  return icws_session_new(&driver->config, driver->now, &driver->session, NULL);
}

static void sign(struct session_driver *driver, struct icws_bytes to_sign)
{
  uint8_t signature[ICWS_SIGNATURE_BYTES] = {1};

  if (driver->identity != NULL)
    icws_identity_sign(driver->identity, to_sign, signature);
  driver->signed_count++;
  if (icws_session_signed(driver->session, icws_bytes_of(signature, sizeof signature)) != ICWS_OK)
    assert(icws_session_failure(driver->session)->code == ICWS_ERR_NOMEM);
}

static void keep(struct icws_buf *slots, size_t *count, size_t max, struct icws_bytes bytes)
{
  assert(*count < max);
  icws_buf_put(&slots[(*count)++], bytes.data, bytes.len);
}

static void act(struct session_driver *driver, const struct icws_event *event)
{
  assert(!driver->closed);
  switch (event->type) {
  case ICWS_EVENT_SIGN:
    sign(driver, event->u.to_sign);
    break;
  case ICWS_EVENT_OPEN:
    assert(!driver->opened);
    driver->opened = true;
    break;
  case ICWS_EVENT_MESSAGE:
    assert(driver->opened);
    driver->last_message = event->u.message;
    keep(driver->delivered, &driver->delivered_count, DRIVER_MAX_DELIVERED,
         event->u.message.content);
    break;
  case ICWS_EVENT_SENT:
    driver->last_ticket = event->u.sent.ticket;
    break;
  case ICWS_EVENT_ACK:
    driver->acked = event->u.ack.sequence_num;
    driver->ack_count++;
    break;
  case ICWS_EVENT_CLOSED:
    driver->closed = true;
    break;
  }
}

static void take(struct session_driver *driver, const struct icws_output *output)
{
  assert(driver->close_code == 0);
  if (output->type == ICWS_OUTPUT_FRAME) {
    keep(driver->frames, &driver->frame_count, DRIVER_MAX_FRAMES, output->frame);
  } else {
    driver->close_code = output->close_code;
    snprintf(driver->close_reason, sizeof driver->close_reason, "%s", output->close_reason);
  }
  icws_session_output_done(driver->session, driver->now);
}

void session_driver_pump(struct session_driver *driver)
{
  struct icws_event event;
  struct icws_output output;
  bool moved = true;

  while (moved) {
    moved = false;
    while (icws_session_next_event(driver->session, driver->now, &event)) {
      act(driver, &event);
      moved = true;
    }
    while (icws_session_next_output(driver->session, &output)) {
      take(driver, &output);
      moved = true;
    }
  }
}

enum icws_error session_driver_recv(struct session_driver *driver, struct icws_bytes frame)
{
  enum icws_error error = icws_session_recv(driver->session, ICWS_FRAME_BINARY, frame, driver->now);

  session_driver_pump(driver);
  return error;
}

enum icws_error session_driver_wait(struct session_driver *driver, uint64_t ms)
{
  enum icws_error error;

  driver->now.wall_ns += ms * 1000000;
  driver->now.mono_ns += ms * 1000000;
  error = icws_session_tick(driver->session, driver->now);
  session_driver_pump(driver);
  return error;
}
