/* SPDX-License-Identifier: Apache-2.0 */

/*
 * bench_candid WS_MESSAGE RECORDS
 *
 * What it costs to decode and encode Candid: with the typed reader and writer, and with a tree of
 * values.  The files hold the argument of ws_message, and a vec of the records below.  Prints lines
 * of a name and the median time in microseconds, or a size; bench/candid.mjs makes the files, runs
 * this beside the official package and compares.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <icws/candid.h>
#include <icws/candid_text.h>
#include <icws/candid_value.h>
#include <icws/message.h>

static const char message_types[] =
    "(record { msg : record { client_key : record { client_principal : principal; "
    "client_nonce : nat64 }; sequence_num : nat64; timestamp : nat64; is_service_message : bool; "
    "content : blob } }, opt record { text : text; timestamp : nat64 })";
static const char record_types[] =
    "(vec record { id : nat64; text : text; sender : opt principal; timestamp : nat64 })";

static void require(bool condition, const char *what)
{
  if (condition)
    return;
  fprintf(stderr, "bench_candid: %s failed\n", what);
  exit(1);
}

static struct icws_buf read_file(const char *path)
{
  struct icws_buf contents;
  uint8_t piece[65536];
  size_t len;
  FILE *file = fopen(path, "rb");
  require(file != NULL, path);
  icws_buf_init(&contents, 0, NULL);
  while ((len = fread(piece, 1, sizeof piece, file)) > 0)
    icws_buf_put(&contents, piece, len);
  require(ferror(file) == 0 && icws_buf_error(&contents) == ICWS_OK, path);
  fclose(file);
  return contents;
}

/* --- Time ------------------------------------------------------------------------------------- */

static double now_us(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int compare(const void *a, const void *b)
{
  const double *left = a;
  const double *right = b;
  return (*left > *right) - (*left < *right);
}

enum { ROUNDS = 101 };

/* The median of rounds in which |operation| is done |batch| times. */
static void measure(const char *name, void operation(void *), void *data, int batch)
{
  static double times[ROUNDS];
  for (int i = 0; i < ROUNDS; i++) {
    double start = now_us();
    for (int j = 0; j < batch; j++)
      operation(data);
    times[i] = (now_us() - start) / batch;
  }
  qsort(times, ROUNDS, sizeof *times, compare);
  printf("%s %.4f\n", name, times[ROUNDS / 2]);
}

/* --- ws_message, typed ------------------------------------------------------------------------ */

struct typed_message {
  struct icws_bytes input;
  struct icws_websocket_message message;
  struct icws_buf out;
};

static void decode_message(void *data)
{
  struct typed_message *typed = data;
  require(icws_message_args_decode(typed->input, &typed->message, NULL) == ICWS_OK, "ws_message");
}

static void encode_message(void *data)
{
  struct typed_message *typed = data;
  icws_buf_clear(&typed->out);
  icws_message_args_put(&typed->out, &typed->message);
  require(icws_buf_error(&typed->out) == ICWS_OK, "encoding ws_message");
}

static void measure_message(struct icws_bytes input)
{
  struct typed_message typed = {.input = input};
  icws_buf_init(&typed.out, 0, NULL);
  measure("message_decode_typed", decode_message, &typed, 10000);
  measure("message_encode_typed", encode_message, &typed, 10000);
  icws_buf_wipe(&typed.out);
}

/* --- The records, typed ----------------------------------------------------------------------- */

enum { ID, TEXT, SENDER, TIMESTAMP, FIELDS };

static const char *const names[FIELDS] = {"id", "text", "sender", "timestamp"}; /* by field id */

struct entry {
  uint64_t id;
  struct icws_bytes text;
  bool has_sender;
  struct icws_principal sender;
  uint64_t timestamp;
};

struct typed_records {
  struct icws_bytes input;
  uint32_t ids[FIELDS];
  struct entry *entries;
  uint64_t count;
  struct icws_buf out;
};

static void read_entry(struct icws_candid_reader *reader, int type, const uint32_t *ids,
                       struct entry *entry)
{
  struct icws_candid_record record;
  uint32_t id;
  int inner;
  require(icws_candid_read_record(reader, type, &record) == ICWS_OK, "record");
  while (icws_candid_next_field(reader, &record, &id, &type)) {
    enum icws_error error;
    if (id == ids[ID]) {
      error = icws_candid_read_nat64(reader, type, &entry->id);
    } else if (id == ids[TEXT]) {
      error = icws_candid_read_text(reader, type, &entry->text);
    } else if (id == ids[SENDER]) {
      error = icws_candid_read_opt(reader, type, &entry->has_sender, &inner);
      if (error == ICWS_OK && entry->has_sender)
        error = icws_candid_read_principal(reader, inner, &entry->sender);
    } else if (id == ids[TIMESTAMP]) {
      error = icws_candid_read_nat64(reader, type, &entry->timestamp);
    } else {
      error = icws_candid_skip(reader, type);
    }
    require(error == ICWS_OK, "field");
  }
}

/* As a program would, with memory for the entries of each message. */
static void decode_records(void *data)
{
  struct typed_records *typed = data;
  struct icws_candid_reader reader;
  int type;
  int inner;
  require(icws_candid_reader_init(&reader, typed->input) == ICWS_OK, "header");
  require(icws_candid_next_arg(&reader, &type), "argument");
  require(icws_candid_read_vec(&reader, type, &typed->count, &inner) == ICWS_OK, "vec");
  free(typed->entries);
  typed->entries = calloc((size_t)typed->count, sizeof *typed->entries);
  require(typed->entries != NULL, "memory");
  for (uint64_t i = 0; i < typed->count; i++)
    read_entry(&reader, inner, typed->ids, &typed->entries[i]);
  require(icws_candid_finish(&reader) == ICWS_OK, "records");
}

static void encode_records(void *data)
{
  struct typed_records *typed = data;
  struct icws_candid_writer writer;
  icws_buf_clear(&typed->out);
  icws_candid_writer_init(&writer, &typed->out);
  const struct icws_candid_field fields[] = {
      {names[ID], ICWS_CANDID_NAT64},
      {names[TEXT], ICWS_CANDID_TEXT},
      {names[SENDER], icws_candid_type_opt(&writer, ICWS_CANDID_PRINCIPAL)},
      {names[TIMESTAMP], ICWS_CANDID_NAT64},
  };
  int vec = icws_candid_type_vec(&writer, icws_candid_type_record(&writer, fields, FIELDS));
  icws_candid_put_args(&writer, &vec, 1);
  icws_candid_put_index(&writer, typed->count);
  for (uint64_t i = 0; i < typed->count; i++) {
    const struct entry *entry = &typed->entries[i];
    icws_candid_put_nat64(&writer, entry->id);
    icws_candid_put_text(&writer, entry->text);
    icws_candid_put_present(&writer, entry->has_sender);
    if (entry->has_sender)
      icws_candid_put_principal(&writer, &entry->sender);
    icws_candid_put_nat64(&writer, entry->timestamp);
  }
  require(icws_buf_error(&typed->out) == ICWS_OK, "encoding records");
}

static void measure_records(struct icws_bytes input)
{
  struct typed_records typed = {.input = input};
  icws_buf_init(&typed.out, 0, NULL);
  for (size_t i = 0; i < FIELDS; i++)
    typed.ids[i] = icws_candid_field_id(names[i]);
  measure("records_decode_typed", decode_records, &typed, 1);
  measure("records_encode_typed", encode_records, &typed, 1);
  require(typed.out.len == input.len, "as many bytes as the official package writes");
  free(typed.entries);
  icws_buf_wipe(&typed.out);
}

/* --- Trees ------------------------------------------------------------------------------------ */

/* An allocator that counts: what is in use, and the most that was. */
struct counter {
  struct icws_mem mem;
  size_t live;
  size_t peak;
};

enum { HEADER = 16 }; /* before each block, its size: as much as keeps the alignment */

static void *reallocate(void *pointer, size_t size, void *user_data)
{
  struct counter *counter = user_data;
  size_t old = 0;
  uint8_t *block = NULL;
  if (pointer != NULL) {
    block = (uint8_t *)pointer - HEADER;
    memcpy(&old, block, sizeof old);
  }
  block = realloc(block, size + HEADER);
  require(block != NULL, "memory");
  memcpy(block, &size, sizeof size);
  counter->live += size - old;
  if (counter->live > counter->peak)
    counter->peak = counter->live;
  return block + HEADER;
}

static void release(void *pointer, void *user_data)
{
  struct counter *counter = user_data;
  size_t size;
  if (pointer == NULL)
    return;
  uint8_t *block = (uint8_t *)pointer - HEADER;
  memcpy(&size, block, sizeof size);
  counter->live -= size;
  free(block);
}

struct tree {
  struct icws_bytes input;
  struct icws_candid_types *types;
  int expected[ICWS_CANDID_MAX_ARGS];
  size_t count;
  struct icws_arena arena;
  struct icws_candid_args args;
  struct icws_buf out;
};

static void decode_tree(void *data)
{
  struct tree *tree = data;
  icws_arena_clear(&tree->arena);
  require(icws_candid_decode(tree->input, tree->types, tree->expected, tree->count, &tree->arena,
                             &tree->args, NULL) == ICWS_OK,
          "icws_candid_decode");
}

static void encode_tree(void *data)
{
  struct tree *tree = data;
  icws_buf_clear(&tree->out);
  require(icws_candid_encode(&tree->args, &tree->out, NULL) == ICWS_OK, "icws_candid_encode");
}

/* What a single decode needs at most at one time, with an arena of its own. */
static size_t decode_peak_of(const struct tree *tree)
{
  struct counter counter = {.mem = {.reallocate = reallocate, .release = release}};
  struct tree fresh = *tree;
  counter.mem.user_data = &counter;
  icws_arena_init(&fresh.arena, 0, &counter.mem);
  decode_tree(&fresh);
  icws_arena_wipe(&fresh.arena);
  require(counter.live == 0, "giving back");
  return counter.peak;
}

/* What a single encode needs so, the message that it makes included. */
static size_t encode_peak_of(const struct tree *tree)
{
  struct counter counter = {.mem = {.reallocate = reallocate, .release = release}};
  struct tree fresh = *tree;
  counter.mem.user_data = &counter;
  icws_buf_init(&fresh.out, 0, &counter.mem);
  encode_tree(&fresh);
  icws_buf_wipe(&fresh.out);
  require(counter.live == 0, "giving back");
  return counter.peak;
}

static void measure_tree(const char *name, const char *types, struct icws_bytes input, int batch)
{
  struct tree tree = {.input = input};
  char label[64];
  icws_arena_init(&tree.arena, 0, NULL);
  icws_buf_init(&tree.out, 0, NULL);
  require(icws_candid_types_new(NULL, &tree.types) == ICWS_OK, "types");
  require(icws_candid_parse_types(icws_bytes_text(types), tree.types, tree.expected,
                                  ICWS_CANDID_MAX_ARGS, &tree.count, NULL, NULL) == ICWS_OK,
          types);
  snprintf(label, sizeof label, "%s_decode_tree", name);
  measure(label, decode_tree, &tree, batch);
  snprintf(label, sizeof label, "%s_encode_tree", name);
  measure(label, encode_tree, &tree, batch);
  printf("%s_bytes %zu\n%s_decode_peak %zu\n%s_encode_peak %zu\n", name, input.len, name,
         decode_peak_of(&tree), name, encode_peak_of(&tree));
  icws_buf_wipe(&tree.out);
  icws_arena_wipe(&tree.arena);
  icws_candid_types_del(tree.types);
}

int main(int argc, char **argv)
{
  if (argc != 3) {
    fprintf(stderr, "usage: bench_candid WS_MESSAGE RECORDS (see bench/candid.mjs)\n");
    return 2;
  }
  struct icws_buf message = read_file(argv[1]);
  struct icws_buf records = read_file(argv[2]);
  measure_message(icws_buf_bytes(&message));
  measure_tree("message", message_types, icws_buf_bytes(&message), 1000);
  measure_records(icws_buf_bytes(&records));
  measure_tree("records", record_types, icws_buf_bytes(&records), 1);
  icws_buf_wipe(&message);
  icws_buf_wipe(&records);
  return 0;
}
