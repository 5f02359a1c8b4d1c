/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_BASE_CRC32_H
#define ICWS_BASE_CRC32_H

#include <stdint.h>

#include <icws/bytes.h>

/* icws_crc32 is the CRC-32 of ISO HDLC, zlib and PNG. */
uint32_t icws_crc32(struct icws_bytes bytes);

#endif
