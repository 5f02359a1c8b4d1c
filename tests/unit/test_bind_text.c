/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "icws/bind/text.h"
#include "mem_probe.h"

#define TEN "0123456789"
#define FORTY TEN TEN TEN TEN
#define FORTY_SPACES "                                        "

static void check_line(unsigned indent, const char *text, const char *lines)
{
  struct icws_buf out;
  icws_buf_init(&out, 0, NULL);
  bind_line(&out, indent, "%s", text);
  icws_buf_put_u8(&out, 0);
  assert_int_equal(icws_buf_error(&out), ICWS_OK);
  assert_string_equal((const char *)out.data, lines);
  icws_buf_wipe(&out);
}

static void test_short_lines(void **state)
{
  (void)state;
  check_line(0, "", "\n");
  check_line(2, "a;", "    a;\n");
  check_line(0, "f(" FORTY FORTY TEN ", a, b);", "f(" FORTY FORTY TEN ", a, b);\n"); /* 100 */
}

static void test_long_lines(void **state)
{
  (void)state;
  check_line(0, "f(" FORTY FORTY TEN ", a, bc);", "f(" FORTY FORTY TEN ", a,\n  bc);\n");
  check_line(1, "a = g(" FORTY ", " FORTY ", h(b), " TEN ");",
             "  a = g(" FORTY ", " FORTY ", h(b),\n        " TEN ");\n");
  check_line(1, "a = " FORTY FORTY TEN TEN ";", "  a =\n      " FORTY FORTY TEN TEN ";\n");
  check_line(0, FORTY FORTY FORTY, FORTY FORTY FORTY "\n");
}

/* A parameter that does not fit in below the parenthesis. */
static void test_declarations(void **state)
{
  (void)state;
  check_line(0, "enum e f" FORTY "(const " FORTY " *" TEN ", int a);",
             "enum e\nf" FORTY "(const " FORTY " *" TEN ",\n" FORTY_SPACES "  int a);\n");
}

static void test_memory(void **state)
{
  (void)state;
  struct mem_probe probe;
  struct icws_arena arena;
  struct icws_buf out;
  mem_probe_init(&probe);
  probe.fail_from = 0;
  icws_arena_init(&arena, 0, &probe.mem);
  assert_string_equal(bind_format(&arena, "%s", "text"), "");
  assert_int_equal(icws_arena_error(&arena), ICWS_ERR_NOMEM);
  icws_buf_init(&out, 0, &probe.mem);
  bind_print(&out, "%d", 5);
  assert_int_equal(icws_buf_error(&out), ICWS_ERR_NOMEM);
  icws_buf_clear(&out);
  bind_line(&out, 1, "%d", 5);
  assert_int_equal(icws_buf_error(&out), ICWS_ERR_NOMEM);
  icws_buf_wipe(&out);
  icws_arena_wipe(&arena);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_short_lines),
      cmocka_unit_test(test_long_lines),
      cmocka_unit_test(test_declarations),
      cmocka_unit_test(test_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
