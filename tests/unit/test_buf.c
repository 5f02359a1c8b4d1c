/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <icws/bytes.h>

/* An allocator that counts, fails at one allocation, and sees whether what is released was wiped. */
struct watch {
  size_t allocations;
  size_t fail_at; /* counted from 1; 0: never */
  size_t live;
  size_t sizes[64]; /* of the allocations */
  void *blocks[64];
  bool released_dirty;
};

static void *watch_reallocate(void *pointer, size_t size, void *user_data)
{
  struct watch *watch = user_data;
  assert_null(pointer); /* growing in place could leave a copy behind */
  if (++watch->allocations == watch->fail_at)
    return NULL;
  assert_true(watch->allocations <= 64);
  void *block = malloc(size);
  assert_non_null(block);
  watch->sizes[watch->allocations - 1] = size;
  watch->blocks[watch->allocations - 1] = block;
  watch->live++;
  return block;
}

static void watch_release(void *pointer, void *user_data)
{
  struct watch *watch = user_data;
  if (pointer == NULL)
    return;
  for (size_t i = 0; i < watch->allocations; i++) {
    if (watch->blocks[i] != pointer)
      continue;
    for (size_t at = 0; at < watch->sizes[i]; at++)
      watch->released_dirty |= ((const uint8_t *)pointer)[at] != 0;
    watch->blocks[i] = NULL;
  }
  watch->live--;
  free(pointer);
}

static struct icws_mem watched(struct watch *watch)
{
  return (struct icws_mem){
      .user_data = watch, .reallocate = watch_reallocate, .release = watch_release};
}

static void appends_in_order(void **state)
{
  (void)state;
  struct icws_buf buf;
  icws_buf_init(&buf, 0, NULL);
  assert_int_equal(buf.len, 0);
  assert_null(buf.data); /* nothing is allocated yet */
  icws_buf_put(&buf, "abc", 3);
  icws_buf_put_u8(&buf, 'd');
  icws_buf_put(&buf, NULL, 0);
  icws_buf_put_text(&buf, "");
  icws_buf_put_text(&buf, "xy");
  uint8_t *rest = icws_buf_reserve(&buf, 2);
  assert_non_null(rest);
  memcpy(rest, "ef", 2);
  assert_int_equal(icws_buf_error(&buf), ICWS_OK);
  assert_true(icws_bytes_equal(icws_buf_bytes(&buf), icws_bytes_text("abcdxyef")));
  icws_buf_wipe(&buf);
  assert_null(buf.data);
  assert_int_equal(buf.len, 0);
}

static void grows_by_any_step(void **state)
{
  (void)state;
  static const size_t steps[] = {1, 3, 63, 64, 65, 1000, 5000};
  for (size_t s = 0; s < sizeof steps / sizeof steps[0]; s++) {
    struct icws_buf buf;
    icws_buf_init(&buf, 0, NULL);
    uint8_t chunk[5000];
    size_t expected = 0;
    for (int round = 0; round < 20; round++) {
      memset(chunk, round, steps[s]);
      icws_buf_put(&buf, chunk, steps[s]);
      expected += steps[s];
      assert_int_equal(buf.len, expected);
    }
    for (size_t i = 0; i < buf.len; i++)
      assert_int_equal(buf.data[i], i / steps[s]);
    icws_buf_wipe(&buf);
  }
}

static void the_limit_is_exact_and_sticks(void **state)
{
  (void)state;
  struct icws_buf buf;
  icws_buf_init(&buf, 100, NULL);
  uint8_t zeros[101] = {0};
  icws_buf_put(&buf, zeros, 99);
  icws_buf_put_u8(&buf, 1);
  assert_int_equal(icws_buf_error(&buf), ICWS_OK);
  assert_int_equal(buf.capacity, 100); /* not beyond the limit either */
  icws_buf_put_u8(&buf, 2);
  assert_int_equal(icws_buf_error(&buf), ICWS_ERR_LIMIT);
  assert_int_equal(buf.len, 100);

  icws_buf_clear(&buf);
  assert_int_equal(icws_buf_error(&buf), ICWS_OK);
  icws_buf_put(&buf, zeros, 101);
  assert_int_equal(icws_buf_error(&buf), ICWS_ERR_LIMIT);
  assert_int_equal(buf.len, 0);
  icws_buf_put_u8(&buf, 3); /* would fit, but the failure sticks */
  assert_int_equal(buf.len, 0);
  assert_null(icws_buf_reserve(&buf, 1));
  icws_buf_wipe(&buf);
  assert_int_equal(icws_buf_error(&buf), ICWS_OK);
}

static void absurd_sizes_are_refused(void **state)
{
  (void)state;
  struct icws_buf buf;
  icws_buf_init(&buf, 1000, NULL);
  icws_buf_put_u8(&buf, 1);
  assert_null(icws_buf_reserve(&buf, SIZE_MAX));
  assert_int_equal(icws_buf_error(&buf), ICWS_ERR_LIMIT);
  icws_buf_wipe(&buf);
}

static void the_first_error_wins(void **state)
{
  (void)state;
  struct icws_buf buf;
  icws_buf_init(&buf, 0, NULL);
  icws_buf_fail(&buf, ICWS_ERR_CBOR);
  icws_buf_fail(&buf, ICWS_ERR_HEX);
  icws_buf_put(&buf, "abc", 3);
  assert_int_equal(icws_buf_error(&buf), ICWS_ERR_CBOR);
  assert_int_equal(buf.len, 0);
  icws_buf_wipe(&buf);
}

static void what_was_appended_is_taken_back(void **state)
{
  (void)state;
  struct icws_buf buf;
  icws_buf_init(&buf, 8, NULL);
  icws_buf_truncate(&buf, 0);
  assert_null(buf.data);
  icws_buf_put(&buf, "abcdefgh", 8);
  const uint8_t *data = buf.data;
  icws_buf_truncate(&buf, 8);
  assert_int_equal(buf.len, 8);
  icws_buf_truncate(&buf, 3);
  assert_true(icws_bytes_equal(icws_buf_bytes(&buf), icws_bytes_text("abc")));
  icws_buf_put(&buf, "xy", 2);
  assert_true(icws_bytes_equal(icws_buf_bytes(&buf), icws_bytes_text("abcxy")));
  assert_ptr_equal(buf.data, data);

  icws_buf_put(&buf, "1234", 4); /* one too many */
  icws_buf_truncate(&buf, 0);
  assert_int_equal(buf.len, 0);
  assert_int_equal(icws_buf_error(&buf), ICWS_ERR_LIMIT); /* that stays */
  icws_buf_put(&buf, "1", 1);
  assert_int_equal(buf.len, 0);
  icws_buf_wipe(&buf);
}

static void fill(struct icws_buf *buf)
{
  for (unsigned i = 0; i < 3000; i++)
    icws_buf_put_u8(buf, (uint8_t)(i % 255 + 1));
}

static void every_allocation_may_fail(void **state)
{
  (void)state;
  struct watch watch = {.fail_at = 0};
  struct icws_mem mem = watched(&watch);
  struct icws_buf buf;
  icws_buf_init(&buf, 0, &mem);
  fill(&buf);
  assert_int_equal(icws_buf_error(&buf), ICWS_OK);
  size_t needed = watch.allocations;
  assert_int_equal(needed, 7); /* 64, 128, ... 4096 */
  icws_buf_wipe(&buf);
  assert_int_equal(watch.live, 0);

  for (size_t fail_at = 1; fail_at <= needed; fail_at++) {
    watch = (struct watch){.fail_at = fail_at};
    icws_buf_init(&buf, 0, &mem);
    fill(&buf);
    assert_int_equal(icws_buf_error(&buf), ICWS_ERR_NOMEM);
    assert_int_equal(buf.len, fail_at == 1 ? 0 : 32u << (fail_at - 1)); /* what fitted is kept */
    icws_buf_wipe(&buf);
    assert_int_equal(watch.live, 0);
    assert_false(watch.released_dirty);
  }
}

static void nothing_stays_behind_in_memory(void **state)
{
  (void)state;
  struct watch watch = {.fail_at = 0};
  struct icws_mem mem = watched(&watch);
  struct icws_buf buf;
  icws_buf_init(&buf, 0, &mem);
  fill(&buf);
  icws_buf_truncate(&buf, 2000); /* what was there once is wiped, too */
  icws_buf_clear(&buf);
  icws_buf_put_u8(&buf, 1);
  icws_buf_wipe(&buf);
  assert_int_equal(watch.live, 0);
  assert_false(watch.released_dirty);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(appends_in_order),
      cmocka_unit_test(grows_by_any_step),
      cmocka_unit_test(the_limit_is_exact_and_sticks),
      cmocka_unit_test(absurd_sizes_are_refused),
      cmocka_unit_test(the_first_error_wins),
      cmocka_unit_test(what_was_appended_is_taken_back),
      cmocka_unit_test(every_allocation_may_fail),
      cmocka_unit_test(nothing_stays_behind_in_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
