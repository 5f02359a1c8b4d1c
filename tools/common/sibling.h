/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_COMMON_SIBLING_H
#define ICWS_TOOLS_COMMON_SIBLING_H

#define ICWS_SIBLING_BYTES 4096

/* icws_sibling_path writes how to call |program|: the path of the file of that name that lies beside
 * the running program's, as they are built and as they are installed; or, if there is none that can
 * be executed, the bare name, which a shell looks for in PATH. */
void icws_sibling_path(const char *program, char path[ICWS_SIBLING_BYTES]);

/* icws_sibling_word is for a command line that a person copies: the bare name also where the path
 * has characters that a shell would act on. */
void icws_sibling_word(const char *program, char word[ICWS_SIBLING_BYTES]);

#endif
