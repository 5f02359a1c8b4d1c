/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <stdbool.h>
#include <string.h>

#include <icws/verifier.h>

#include "common/complain.h"
#include "common/exit_code.h"
#include "common/file.h"
#include "common/options.h"
#include "common/root_key_option.h"
#include "common/timestamp.h"
#include "input.h"
#include "verify_report.h"

#define NAME "icws verify"
#define TREE_PREFIX "websocket/"

struct settings {
  const char *root_key;
  const char *canister;
  const char *certificate;
  const char *at;
  const char *tree;
  const char *path;
  const char *content;
  bool json;
};

#define MEMBER(name) offsetof(struct settings, name)

static const struct icws_option options[] = {
    {'k', "root-key", "KEY", ICWS_OPTION_TEXT, MEMBER(root_key),
     "whom to trust: mainnet (default), or the key in hex"},
    {'c', "canister", "ID", ICWS_OPTION_TEXT, MEMBER(canister),
     "the canister that the certificate must speak for"},
    {'\0', "certificate", "FILE", ICWS_OPTION_TEXT, MEMBER(certificate), "the certificate"},
    {'\0', "at", "TIME", ICWS_OPTION_TEXT, MEMBER(at),
     "judge its age at this time: ns since 1970, or RFC 3339"},
    {'\0', "tree", "FILE", ICWS_OPTION_TEXT, MEMBER(tree), "the hash tree of a message"},
    {'\0', "path", "PATH", ICWS_OPTION_TEXT, MEMBER(path),
     "where the tree holds it: websocket/ and the message's key"},
    {'\0', "content", "FILE", ICWS_OPTION_TEXT, MEMBER(content), "the content of the message"},
    {'J', "json", NULL, ICWS_OPTION_FLAG, MEMBER(json), "print the result as a JSON object"},
};

/* The settings, made into objects. */
struct task {
  struct settings settings;
  struct icws_principal canister;
  struct icws_root_key_option root_key;
  bool judges_age;
  uint64_t at_ns;
  bool has_message;
  struct icws_buf certificate;
  struct icws_buf tree;
  struct icws_buf content;
};

/* --- The command line ------------------------------------------------------------------------- */

static int check_message_options(struct task *task)
{
  const struct settings *settings = &task->settings;
  int given = (settings->tree != NULL) + (settings->path != NULL) + (settings->content != NULL);
  task->has_message = given == 3;
  if (given != 0 && given != 3)
    return icws_complain_usage(NAME, "--tree, --path and --content belong together");
  if (task->has_message && strncmp(settings->path, TREE_PREFIX, strlen(TREE_PREFIX)) != 0)
    return icws_complain_usage(NAME, "--path begins with %s", TREE_PREFIX);
  return ICWS_EXIT_OK;
}

static int count_standard_input(const struct settings *settings)
{
  const char *files[] = {settings->certificate, settings->tree, settings->content};
  int count = 0;
  for (size_t i = 0; i < 3; i++)
    if (files[i] != NULL && strcmp(files[i], "-") == 0)
      count++;
  return count;
}

static int check_settings(struct task *task)
{
  const struct settings *settings = &task->settings;
  struct icws_failure failure;
  if (settings->canister == NULL || settings->certificate == NULL)
    return icws_complain_usage(NAME, "--canister and --certificate are needed");
  if (icws_principal_from_text(&task->canister, icws_bytes_text(settings->canister)) != ICWS_OK)
    return icws_complain_id(NAME, "canister", settings->canister);
  if (settings->root_key != NULL && strcmp(settings->root_key, "fetch") == 0)
    return icws_complain_usage(NAME, "--root-key takes mainnet, or the key in hex");
  if (icws_root_key_option_parse(settings->root_key, NULL, &task->root_key, &failure) != ICWS_OK)
    return icws_complain_usage(NAME, "%s", failure.text);
  task->judges_age = settings->at != NULL;
  if (task->judges_age && !icws_timestamp_parse(settings->at, &task->at_ns))
    return icws_complain_usage(NAME, "--at takes ns since 1970, or a time such as "
                                     "2026-01-02T03:04:05Z");
  if (count_standard_input(settings) > 1)
    return icws_complain_usage(NAME, "only one file can be standard input");
  return check_message_options(task);
}

static int read_files(struct task *task)
{
  const struct settings *settings = &task->settings;
  struct icws_failure failure = {.code = ICWS_OK};
  enum icws_error error = icws_input_read(settings->certificate, &task->certificate, &failure);
  if (error == ICWS_OK && task->has_message)
    error = icws_input_read(settings->tree, &task->tree, &failure);
  if (error == ICWS_OK && task->has_message)
    error = icws_input_read(settings->content, &task->content, &failure);
  if (error == ICWS_OK)
    return ICWS_EXIT_OK;
  icws_complain_failure(NAME, &failure);
  return ICWS_EXIT_OTHER;
}

/* --- The checks ------------------------------------------------------------------------------- */

/* Makes the checks in order; the first that fails is named in |report|. */
static enum icws_error check(const struct task *task, struct icws_verifier *verifier,
                             struct icws_verify_report *report)
{
  struct icws_failure *failure = &report->failure;
  report->check = "certificate";
  enum icws_error error = icws_verifier_certificate(
      verifier, &task->canister, icws_buf_bytes(&task->certificate), &report->certificate, failure);
  if (error == ICWS_OK && task->judges_age) {
    report->check = "certificate age";
    error = icws_verifier_age(verifier, report->certificate->time_ns, task->at_ns, failure);
  }
  if (error != ICWS_OK || !task->has_message)
    return error;
  const struct icws_certified certified = {
      .key = icws_bytes_text(task->settings.path + strlen(TREE_PREFIX)),
      .content = icws_buf_bytes(&task->content),
      .cert = icws_buf_bytes(&task->certificate),
      .tree = icws_buf_bytes(&task->tree),
  };
  report->content = certified.content;
  report->path = task->settings.path;
  error =
      icws_verifier_certified(verifier, &task->canister, &certified, &report->certificate, failure);
  report->check = error == ICWS_ERR_CONTENT ? "content" : "tree";
  return error;
}

static int verify(const struct task *task)
{
  struct icws_verify_report report = {.canister = &task->canister};
  struct icws_verifier_config config = {.root_key = icws_root_key_option_bytes(&task->root_key)};
  struct icws_verifier *verifier = NULL;
  enum icws_error error = icws_verifier_new(&config, &verifier, &report.failure);
  if (error == ICWS_OK)
    error = check(task, verifier, &report);
  report.valid = error == ICWS_OK;
  report.now_ns = task->judges_age ? task->at_ns : icws_timestamp_now();
  int status = report.valid ? ICWS_EXIT_OK : ICWS_EXIT_VERIFICATION;
  if (error == ICWS_ERR_NOMEM) {
    icws_complain_failure(NAME, &report.failure);
    status = ICWS_EXIT_OTHER;
  } else if (!icws_verify_report_print(&report, task->settings.json)) {
    icws_complain(NAME, "cannot write to standard output");
    status = ICWS_EXIT_OTHER;
  }
  icws_verifier_del(verifier);
  return status;
}

int icws_cli_verify(int argc, char **argv)
{
  struct task task = {.has_message = false};
  const struct icws_option_group groups[] = {
      {"Options", options, sizeof(options) / sizeof(options[0]), &task.settings}};
  const struct icws_command_line command_line = {
      .program = NAME,
      .synopsis = "--canister ID --certificate FILE [OPTION]...",
      .about = "Check a certificate, and with --tree, --path and --content a certified message.\n"
               "Files are binary or hex; '-' is standard input. Ends with 0 if valid, 5 if not.\n",
      .groups = groups,
      .group_count = 1,
  };
  int status = icws_options_parse(&command_line, argc, argv, NULL);
  if (status != ICWS_OPTIONS_GO)
    return status;
  icws_buf_init(&task.certificate, ICWS_FILE_MAX_BYTES, NULL);
  icws_buf_init(&task.tree, ICWS_FILE_MAX_BYTES, NULL);
  icws_buf_init(&task.content, ICWS_FILE_MAX_BYTES, NULL);
  status = check_settings(&task);
  if (status == ICWS_EXIT_OK)
    status = read_files(&task);
  if (status == ICWS_EXIT_OK)
    status = verify(&task);
  icws_buf_wipe(&task.certificate);
  icws_buf_wipe(&task.tree);
  icws_buf_wipe(&task.content);
  return status;
}
