/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include "common/complain.h"
#include "common/exit_code.h"
#include "common/file.h"
#include "common/interface.h"
#include "common/options.h"

#define CHECK_NAME "icws candid check"
#define SUBTYPE_NAME "icws candid subtype"

int icws_cli_candid_check(int argc, char **argv)
{
  const char *path;
  struct icws_interface interface;
  const struct icws_command_line command_line = {
      .program = CHECK_NAME,
      .synopsis = "FILE.did",
      .about = "Check an interface.  Ends with 0, or with 1 and where and why it is none.\n",
      .operands = {"FILE.did"},
  };
  int status = icws_options_parse(&command_line, argc, argv, &path);
  if (status != ICWS_OPTIONS_GO)
    return status;
  icws_interface_init(&interface);
  status = icws_interface_load(&interface, CHECK_NAME, path);
  icws_interface_wipe(&interface);
  return status;
}

/* Loads the interface of |path|, which must have a service. */
static int load_service(struct icws_interface *interface, const char *path)
{
  int status = icws_interface_load(interface, SUBTYPE_NAME, path);
  if (status != ICWS_EXIT_OK || interface->candid.has_service)
    return status;
  icws_complain(SUBTYPE_NAME, "%s: the interface has no service", icws_file_name(path));
  return ICWS_EXIT_OTHER;
}

static int compare(const struct icws_interface *new_one, const struct icws_interface *old_one)
{
  struct icws_failure failure;
  if (icws_candid_subtype(new_one->types, new_one->candid.service, old_one->types,
                          old_one->candid.service, NULL, &failure) == ICWS_OK)
    return ICWS_EXIT_OK;
  icws_complain_failure(SUBTYPE_NAME, &failure);
  return ICWS_EXIT_OTHER;
}

int icws_cli_candid_subtype(int argc, char **argv)
{
  const char *paths[2];
  struct icws_interface new_one;
  struct icws_interface old_one;
  const struct icws_command_line command_line = {
      .program = SUBTYPE_NAME,
      .synopsis = "NEW.did OLD.did",
      .about =
          "Check that a service of the interface NEW can take the place of one of OLD: that all\n"
          "who call OLD can call NEW.  Ends with 0 if so, with 1 and the reason if not.\n",
      .operands = {"NEW.did", "OLD.did"},
  };
  int status = icws_options_parse(&command_line, argc, argv, paths);
  if (status != ICWS_OPTIONS_GO)
    return status;
  icws_interface_init(&new_one);
  icws_interface_init(&old_one);
  status = load_service(&new_one, paths[0]);
  if (status == ICWS_EXIT_OK)
    status = load_service(&old_one, paths[1]);
  if (status == ICWS_EXIT_OK)
    status = compare(&new_one, &old_one);
  icws_interface_wipe(&new_one);
  icws_interface_wipe(&old_one);
  return status;
}
