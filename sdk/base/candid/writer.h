/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_BASE_CANDID_WRITER_H
#define ICWS_BASE_CANDID_WRITER_H

#include <icws/candid.h>

/* icws_candid_put_annotations appends the annotations of a func: bits here, on the wire a list of the
 * numbers 1 to 3. */
void icws_candid_put_annotations(struct icws_buf *out, unsigned annotations);

/* icws_candid_put_counted appends how many |bytes| there are, and them: what text, blobs, principals
 * and names of methods are on the wire. */
void icws_candid_put_counted(struct icws_buf *out, struct icws_bytes bytes);

/* icws_candid_put_fixed appends the lower |size| bytes of |bits|, the lowest first. */
void icws_candid_put_fixed(struct icws_buf *out, uint64_t bits, unsigned size);

/* icws_candid_put_reference appends a principal or service, and icws_candid_put_method a func: given
 * by their bytes. */
void icws_candid_put_reference(struct icws_buf *out, struct icws_bytes principal);
void icws_candid_put_method(struct icws_buf *out, struct icws_bytes service,
                            struct icws_bytes method);

#endif
