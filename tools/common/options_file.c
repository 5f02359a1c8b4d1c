/* SPDX-License-Identifier: Apache-2.0 */
#include "common/options_file.h"

#include <ctype.h>
#include <string.h>

#include "common/complain.h"
#include "common/exit_code.h"
#include "common/file.h"

struct file_reader {
  const struct icws_command_line *command_line;
  const char *path;
  const char *file_option;
  size_t line;
  size_t first_lines[ICWS_OPTIONS_MAX]; /* where each row's key came first; 0: not yet */
};

/* A row of the tables and its place in the order of all. */
struct found_row {
  const struct icws_option *row;
  void *settings;
  size_t index;
};

static bool find_row(const struct file_reader *reader, const char *key, struct found_row *found)
{
  size_t index = 0;
  for (size_t i = 0; i < reader->command_line->group_count; i++) {
    const struct icws_option_group *group = &reader->command_line->groups[i];
    for (size_t j = 0; j < group->count; j++, index++) {
      const struct icws_option *row = &group->options[j];
      if (strcmp(row->name, key) == 0 && row->kind != ICWS_OPTION_FLAG &&
          strcmp(key, reader->file_option) != 0) {
        *found = (struct found_row){row, group->settings, index};
        return true;
      }
    }
  }
  return false;
}

static int complain_unknown(const struct file_reader *reader, const char *key)
{
  icws_complain(reader->command_line->program,
                "%s:%zu: unknown key '%s': the keys are the long names of the options that "
                "'%s --help' shows, without the dashes",
                reader->path, reader->line, key, reader->command_line->program);
  return ICWS_EXIT_USAGE;
}

static int complain_twice(const struct file_reader *reader, const char *key, size_t first)
{
  icws_complain(reader->command_line->program,
                "%s:%zu: '%s' is in line %zu already: remove one of the two lines", reader->path,
                reader->line, key, first);
  return ICWS_EXIT_USAGE;
}

static int take_pair(struct file_reader *reader, const char *key, const char *value)
{
  struct found_row found;
  if (!find_row(reader, key, &found))
    return complain_unknown(reader, key);
  size_t *first = &reader->first_lines[found.index];
  if (*first != 0 && found.row->kind != ICWS_OPTION_LIST)
    return complain_twice(reader, key, *first);
  *first = *first == 0 ? reader->line : *first;
  if (reader->command_line->given[found.index])
    return ICWS_OPTIONS_GO;
  const char *wanted = icws_option_take(reader->command_line, found.row, found.settings, value);
  if (wanted == NULL)
    return ICWS_OPTIONS_GO;
  icws_complain(reader->command_line->program, "%s:%zu: %s takes %s, not '%s'", reader->path,
                reader->line, key, wanted, value);
  return ICWS_EXIT_USAGE;
}

static char *trim(char *start, char *end)
{
  while (start < end && isspace((unsigned char)*start))
    start++;
  while (end > start && isspace((unsigned char)end[-1]))
    end--;
  *end = '\0';
  return start;
}

/* A comment begins the line, or follows white space, so that a value may hold a #. */
static char *end_before_comment(char *start, char *end)
{
  for (char *at = start; at < end; at++)
    if (*at == '#' && (at == start || isspace((unsigned char)at[-1])))
      return at;
  return end;
}

static bool has_control_character(const char *start, const char *end)
{
  for (; start < end; start++)
    if (iscntrl((unsigned char)*start) && *start != '\t' && *start != '\r')
      return true;
  return false;
}

/* Shows the first word only: there may be a password in the line. */
static int complain_form(const struct file_reader *reader, const char *line)
{
  size_t shown = strcspn(line, " \t:");
  icws_complain(reader->command_line->program, "%s:%zu: a line is 'key = value', not '%.*s%s'",
                reader->path, reader->line, (int)shown, line, line[shown] == '\0' ? "" : "...");
  return ICWS_EXIT_USAGE;
}

/* |end| points to the newline, whose place may be written. */
static int take_line(struct file_reader *reader, char *start, char *end)
{
  if (has_control_character(start, end)) {
    icws_complain(reader->command_line->program,
                  "%s:%zu: there is a control character: this is no text file", reader->path,
                  reader->line);
    return ICWS_EXIT_USAGE;
  }
  char *line = trim(start, end_before_comment(start, end));
  if (*line == '\0')
    return ICWS_OPTIONS_GO;
  char *equals = strchr(line, '=');
  if (equals == NULL || equals == line)
    return complain_form(reader, line);
  char *value = trim(equals + 1, line + strlen(line));
  return take_pair(reader, trim(line, equals), value);
}

static int take_lines(struct file_reader *reader, char *text, size_t length)
{
  int result = ICWS_OPTIONS_GO;
  char *end = text + length;
  while (text < end && result == ICWS_OPTIONS_GO) {
    char *newline = memchr(text, '\n', (size_t)(end - text));
    reader->line++;
    result = take_line(reader, text, newline);
    text = newline + 1;
  }
  return result;
}

int icws_options_file_read(const struct icws_command_line *command_line, const char *path,
                           const char *file_option, struct icws_buf *contents)
{
  struct file_reader reader = {
      .command_line = command_line, .path = icws_file_name(path), .file_option = file_option};
  struct icws_failure failure;
  enum icws_error error = icws_file_read(path, contents, &failure);
  if (error != ICWS_OK) {
    icws_complain_failure(command_line->program, &failure);
    return ICWS_EXIT_OTHER;
  }
  icws_buf_put_u8(contents, '\n'); /* the last line may have none */
  if (icws_buf_error(contents) != ICWS_OK) {
    icws_complain(command_line->program, "%s: %s", reader.path,
                  icws_strerror(icws_buf_error(contents)));
    return ICWS_EXIT_OTHER;
  }
  return take_lines(&reader, (char *)contents->data, contents->len);
}
