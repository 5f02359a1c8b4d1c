/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <icws/arena.h>

#include "mem_probe.h"

static void pieces_are_aligned_and_apart(void **state)
{
  (void)state;
  struct mem_probe probe;
  struct icws_arena arena;
  uint8_t *pieces[300];
  mem_probe_init(&probe);
  icws_arena_init(&arena, 0, &probe.mem);
  assert_int_equal(probe.allocations, 0);
  for (size_t i = 0; i < 300; i++) {
    pieces[i] = icws_arena_alloc(&arena, i * 37 % 500);
    assert_non_null(pieces[i]);
    assert_int_equal((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
    memset(pieces[i], (int)(i % 251), i * 37 % 500);
  }
  for (size_t i = 0; i < 300; i++) {
    for (size_t j = 0; j < i * 37 % 500; j++)
      assert_int_equal(pieces[i][j], i % 251);
  }
  assert_true(probe.allocations < 10); /* for 300 pieces */
  icws_arena_wipe(&arena);
  assert_int_equal(probe.live, 0);
}

static void a_large_piece_costs_its_size(void **state)
{
  (void)state;
  struct mem_probe probe;
  struct icws_arena arena;
  mem_probe_init(&probe);
  icws_arena_init(&arena, 0, &probe.mem);
  uint8_t *small = icws_arena_alloc(&arena, 16);
  uint8_t *large = icws_arena_alloc(&arena, (size_t)1 << 20);
  uint8_t *next = icws_arena_alloc(&arena, 16);
  assert_non_null(large);
  memset(large, 1, (size_t)1 << 20);
  assert_ptr_equal(next, small + 16); /* the block with room is still in use */
  assert_int_equal(probe.allocations, 2);
  assert_int_equal(arena.used, ((size_t)1 << 20) + 32);
  icws_arena_wipe(&arena);
}

static void the_limit_holds_and_sticks(void **state)
{
  (void)state;
  struct icws_arena arena;
  icws_arena_init(&arena, 64, NULL);
  assert_non_null(icws_arena_alloc(&arena, 48));
  assert_non_null(icws_arena_alloc(&arena, 0));
  assert_int_equal(icws_arena_error(&arena), ICWS_OK);
  assert_null(icws_arena_alloc(&arena, 17)); /* rounded up it does not fit */
  assert_int_equal(icws_arena_error(&arena), ICWS_ERR_LIMIT);
  assert_null(icws_arena_alloc(&arena, 1));
  icws_arena_clear(&arena);
  assert_int_equal(icws_arena_error(&arena), ICWS_OK);
  assert_non_null(icws_arena_alloc(&arena, 64));
  assert_null(icws_arena_alloc(&arena, 1));
  icws_arena_wipe(&arena);
  assert_int_equal(arena.max, 64);
}

static void sizes_do_not_wrap_around(void **state)
{
  (void)state;
  struct mem_probe probe;
  struct icws_arena arena;
  mem_probe_init(&probe);
  icws_arena_init(&arena, 0, &probe.mem);
  assert_null(icws_arena_array(&arena, SIZE_MAX / 16 + 2, 16)); /* which would be 16 bytes */
  assert_int_equal(icws_arena_error(&arena), ICWS_ERR_LIMIT);
  icws_arena_clear(&arena);
  assert_null(icws_arena_alloc(&arena, SIZE_MAX));
  assert_int_equal(icws_arena_error(&arena), ICWS_ERR_LIMIT);
  icws_arena_clear(&arena);
  assert_null(icws_arena_alloc(&arena, SIZE_MAX - 17)); /* with the block around it */
  assert_int_equal(icws_arena_error(&arena), ICWS_ERR_LIMIT);
  assert_int_equal(probe.allocations, 0);
  icws_arena_clear(&arena);
  probe.fail_from = 0; /* what a block still has room for is up to the allocator */
  assert_null(icws_arena_alloc(&arena, SIZE_MAX - 64));
  assert_int_equal(icws_arena_error(&arena), ICWS_ERR_NOMEM);
  icws_arena_wipe(&arena);
}

static void clearing_keeps_one_block(void **state)
{
  (void)state;
  struct mem_probe probe;
  struct icws_arena arena;
  mem_probe_init(&probe);
  icws_arena_init(&arena, 0, &probe.mem);
  for (int i = 0; i < 100; i++)
    assert_non_null(icws_arena_alloc(&arena, 100));
  icws_arena_clear(&arena);
  assert_int_equal(probe.live, 1);
  assert_int_equal(arena.used, 0);
  size_t allocations = probe.allocations;
  void *first = icws_arena_alloc(&arena, 1000);
  assert_non_null(first);
  icws_arena_clear(&arena);
  assert_ptr_equal(icws_arena_alloc(&arena, 1000), first);
  assert_int_equal(probe.allocations, allocations);
  icws_arena_wipe(&arena);
  assert_int_equal(probe.live, 0);
}

static void no_memory_sticks(void **state)
{
  (void)state;
  struct mem_probe probe;
  struct icws_arena arena;
  mem_probe_init(&probe);
  icws_arena_init(&arena, 0, &probe.mem);
  probe.fail_from = 0;
  assert_null(icws_arena_alloc(&arena, 1));
  assert_int_equal(icws_arena_error(&arena), ICWS_ERR_NOMEM);
  probe.fail_from = SIZE_MAX;
  assert_null(icws_arena_alloc(&arena, 1));
  icws_arena_wipe(&arena);
  assert_non_null(icws_arena_alloc(&arena, 1));
  icws_arena_wipe(&arena);
  assert_int_equal(probe.live, 0);
}

static void copies_are_copies(void **state)
{
  (void)state;
  struct icws_arena arena;
  char text[] = "text";
  icws_arena_init(&arena, 16, NULL);
  struct icws_bytes copy = icws_arena_copy(&arena, icws_bytes_text(text));
  text[0] = 'n';
  assert_true(icws_bytes_equal(copy, icws_bytes_text("text")));
  assert_int_equal(icws_arena_copy(&arena, icws_bytes_of(NULL, 0)).len, 0);
  struct icws_bytes none = icws_arena_copy(&arena, icws_bytes_text("more"));
  assert_null(none.data);
  assert_int_equal(none.len, 0);
  icws_arena_wipe(&arena);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(pieces_are_aligned_and_apart),
      cmocka_unit_test(a_large_piece_costs_its_size),
      cmocka_unit_test(the_limit_holds_and_sticks),
      cmocka_unit_test(sizes_do_not_wrap_around),
      cmocka_unit_test(clearing_keeps_one_block),
      cmocka_unit_test(no_memory_sticks),
      cmocka_unit_test(copies_are_copies),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
