/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CLI_H
#define ICWS_CLI_H

#define ICWS_CLI_NAME "icws"

/* icws_cli_main is the program icws: it returns its exit status. */
int icws_cli_main(int argc, char **argv);

/* The commands.  argv[0] is the last word of the command's name; each returns its exit status. */
int icws_cli_key_new(int argc, char **argv);
int icws_cli_key_show(int argc, char **argv);
int icws_cli_verify(int argc, char **argv);
int icws_cli_status(int argc, char **argv);
int icws_cli_query(int argc, char **argv);
int icws_cli_call(int argc, char **argv);
int icws_cli_read_state(int argc, char **argv);
int icws_cli_candid_decode(int argc, char **argv);
int icws_cli_candid_encode(int argc, char **argv);
int icws_cli_candid_check(int argc, char **argv);
int icws_cli_candid_subtype(int argc, char **argv);
int icws_cli_candid_bind(int argc, char **argv);

#endif
