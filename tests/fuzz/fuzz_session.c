/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A session, as session_model.h describes it.  An input is two bytes of configuration, then
 * operations: one byte says which, those after it are its arguments, as read below; missing ones are
 * zero.  Nobody can guess a BLS signature, so frames are taken from a table of certified ones: as
 * they are, with bytes changed, or put together from the parts of several.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "session_model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NS_PER_MS UINT64_C(1000000)

/* The numbers are those that make_corpus.py writes. */
enum operation {
  HANDSHAKE = 0,
  FRAME = 1,    /* number, flags */
  EDITED = 2,   /* number, flags, count, then positions (2 bytes) and what to XOR there */
  SPLICED = 3,  /* the numbers of the frames that key, content, cert and tree come from */
  RAW = 4,      /* flags, length (2 bytes), bytes */
  SEND = 5,     /* length */
  WAIT = 6,     /* milliseconds (as a power of two) on the monotonic clock; tick */
  SET_WALL = 7, /* seconds after, or before, the first frame's time (2 bytes) */
  SIGN = 8,     /* length of the signature, in units of 4 */
  REFUSE_TO_SIGN = 9,
  EVENTS = 10, /* at most how many */
  OUTPUT = 11, /* whether the transport takes it */
  CLOSE = 12,
  DISCONNECT = 13,
  OPERATIONS,
};

#define FLAG_EARLY 1   /* before the events of the last frame were pulled */
#define FLAG_IN_TIME 2 /* set the wall clock to when the frame arrived */
#define FLAG_TEXT 4

struct input {
  const uint8_t *data;
  size_t left;
};

static unsigned read_u8(struct input *input)
{
  if (input->left == 0)
    return 0;
  input->left--;
  return *input->data++;
}

static unsigned read_u16(struct input *input)
{
  unsigned high = read_u8(input);

  return high << 8 | read_u8(input);
}

static const struct certified_frame *read_frame(struct session_model *model, struct input *input)
{
  return &model->table->frames[read_u8(input) % model->table->count];
}

static void set_time(struct session_model *model, const struct certified_frame *frame,
                     unsigned flags)
{
  if (flags & FLAG_IN_TIME)
    model->now.wall_ns = frame->arrives_ns;
}

/* The clock is at any time here: how old a certificate may be is not what makes a frame forged. */
static void recv_frame(struct session_model *model, struct input *input)
{
  const struct certified_frame *frame = read_frame(model, input);
  unsigned flags = read_u8(input);
  bool early = flags & FLAG_EARLY;

  set_time(model, frame, flags);
  session_model_recv(model, ICWS_FRAME_BINARY, frame->bytes, frame->forged, early);
}

static void recv_edited(struct session_model *model, struct input *input)
{
  const struct certified_frame *frame = read_frame(model, input);
  unsigned flags = read_u8(input);
  unsigned edits = read_u8(input) % 8;
  struct icws_buf buf;

  icws_buf_init(&buf, 0, NULL);
  icws_buf_put(&buf, frame->bytes.data, frame->bytes.len);
  for (unsigned i = 0; i < edits; i++) {
    unsigned position = read_u16(input);
    buf.data[position % buf.len] ^= (uint8_t)read_u8(input);
  }
  set_time(model, frame, flags);
  session_model_recv(model, ICWS_FRAME_BINARY, icws_buf_bytes(&buf), false, flags & FLAG_EARLY);
  icws_buf_wipe(&buf);
}

static void recv_spliced(struct session_model *model, struct input *input)
{
  struct icws_certified fields;
  const struct certified_frame *frame = read_frame(model, input);
  struct icws_buf buf;

  fields.key = frame->fields.key;
  fields.content = read_frame(model, input)->fields.content;
  frame = read_frame(model, input);
  fields.cert = frame->fields.cert;
  fields.tree = read_frame(model, input)->fields.tree;
  icws_buf_init(&buf, 0, NULL);
  icws_certified_put(&buf, &fields);
  model->now.wall_ns = frame->arrives_ns;
  session_model_recv(model, ICWS_FRAME_BINARY, icws_buf_bytes(&buf), false, false);
  icws_buf_wipe(&buf);
}

static void recv_raw(struct session_model *model, struct input *input)
{
  unsigned flags = read_u8(input);
  size_t len = read_u16(input);
  struct icws_bytes bytes;

  if (len > input->left)
    len = input->left;
  bytes = icws_bytes_of(input->data, len);
  input->data += len;
  input->left -= len;
  session_model_recv(model, flags & FLAG_TEXT ? ICWS_FRAME_TEXT : ICWS_FRAME_BINARY, bytes,
                     flags & FLAG_TEXT, flags & FLAG_EARLY);
}

static void wait(struct session_model *model, struct input *input)
{
  uint64_t ms = UINT64_C(1) << read_u8(input) % 20;

  model->now.mono_ns += ms * NS_PER_MS;
  session_model_tick(model);
}

static void set_wall(struct session_model *model, struct input *input)
{
  int64_t seconds = (int16_t)read_u16(input);

  model->now.wall_ns = model->table->frames[0].arrives_ns + (uint64_t)(seconds * 1000) * NS_PER_MS;
}

static void pull_events(struct session_model *model, unsigned max)
{
  for (unsigned i = 0; i < max && session_model_event(model); i++)
    ;
}

static void step(struct session_model *model, struct input *input)
{
  switch ((enum operation)(read_u8(input) % OPERATIONS)) {
  case HANDSHAKE:
    session_model_recv(model, ICWS_FRAME_BINARY, model->table->handshake, false, false);
    break;
  case FRAME:
    recv_frame(model, input);
    break;
  case EDITED:
    recv_edited(model, input);
    break;
  case SPLICED:
    recv_spliced(model, input);
    break;
  case RAW:
    recv_raw(model, input);
    break;
  case SEND:
    session_model_send(model, read_u8(input));
    break;
  case WAIT:
    wait(model, input);
    break;
  case SET_WALL:
    set_wall(model, input);
    break;
  case SIGN:
    session_model_sign(model, 4 * (size_t)read_u8(input));
    break;
  case REFUSE_TO_SIGN:
    session_model_refuse_to_sign(model);
    break;
  case EVENTS:
    pull_events(model, read_u8(input));
    break;
  case OUTPUT:
    session_model_output(model, read_u8(input) % 2 == 0);
    break;
  case CLOSE:
    session_model_close(model);
    break;
  case DISCONNECT:
    session_model_disconnect(model);
    break;
  case OPERATIONS:
    break;
  }
}

/* Bit by bit: limits that a short input can reach, or the defaults. */
static struct icws_session_config read_limits(struct input *input)
{
  unsigned bits = read_u8(input);

  return (struct icws_session_config){
      .ack_interval_ms = bits & 1 ? 1000 : 300000,
      .handshake_timeout_ms = bits & 2 ? 10 : 30000,
      .open_timeout_ms = bits & 4 ? 10 : 60000,
      .max_frame_bytes = bits & 8 ? 1000 : 65536,
      .max_message_bytes = bits & 16 ? 100 : 65536,
      .max_queued_messages = bits & 32 ? 2 : 1024,
      .max_queued_bytes = bits & 64 ? 150 : 65536,
  };
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct input input = {data, size};
  struct icws_session_config limits = read_limits(&input);
  struct session_model model;

  if (session_model_init(&model, &limits, read_u8(&input))) {
    while (input.left > 0) {
      step(&model, &input);
      session_model_check(&model);
    }
    pull_events(&model, UINT32_MAX);
    session_model_output(&model, true);
    session_model_check(&model);
  }
  session_model_wipe(&model);
  return 0;
}
