/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CANDID_IMPORT_NAME_H
#define ICWS_CANDID_IMPORT_NAME_H

#include <icws/arena.h>
#include <icws/bytes.h>

/*
 * icws_candid_import_name returns the name, in |arena|, of what the file |importer| imports as
 * |name|: from the folder of |importer|, unless |name| begins with a slash.  Folders . and .. are
 * worked out, so that a file has one name; a .. beyond the first folder stays.  No bytes for a name
 * of nothing, and after a failure of |arena|.
 */
struct icws_bytes icws_candid_import_name(struct icws_bytes importer, struct icws_bytes name,
                                          struct icws_arena *arena);

#endif
