/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_EXPORT_H
#define ICWS_EXPORT_H

/*
 * ICWS_EXPORT marks what a library exports; everything else is hidden.
 * ICWS_NODISCARD makes the compiler warn when a returned error is dropped.
 * ICWS_BEGIN_DECLS and ICWS_END_DECLS give the headers C linkage in C++.
 */
#if defined(__GNUC__)
#define ICWS_EXPORT __attribute__((visibility("default")))
#define ICWS_NODISCARD __attribute__((warn_unused_result))
#else
#define ICWS_EXPORT
#define ICWS_NODISCARD
#endif

#ifdef __cplusplus
#define ICWS_BEGIN_DECLS extern "C" {
#define ICWS_END_DECLS }
#else
#define ICWS_BEGIN_DECLS
#define ICWS_END_DECLS
#endif

#endif
