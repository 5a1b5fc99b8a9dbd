#pragma once
#define _GNU_SOURCE
#include <dlfcn.h>
#include <microhttpd.h>
#include <stddef.h>

// Swift can't call functions with a variable number of arguments; these name the ones used.

// A pool of threads, each with its own epoll: a request that waits for its answer is suspended
// and holds no thread. `key` and `certificate` are PEM, or both NULL where there is no TLS.
static inline struct MHD_Daemon *fairfill_http_start(
    const struct sockaddr *address, const char *key, const char *certificate, unsigned threads,
    MHD_AccessHandlerCallback handle, MHD_RequestCompletedCallback completed, void *context) {
    struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)key},
        {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)certificate},
        {MHD_OPTION_END, 0, NULL},
    };
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME;
    if (key == NULL) {
        tls[0].option = MHD_OPTION_END;
    } else {
        flags |= MHD_USE_TLS;
    }
    return MHD_start_daemon(
        flags, 0, NULL, NULL, handle, context, MHD_OPTION_SOCK_ADDR, address,
        MHD_OPTION_THREAD_POOL_SIZE, threads, MHD_OPTION_CONNECTION_LIMIT, 20000u,
        MHD_OPTION_NOTIFY_COMPLETED, completed, context, MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
}

static inline int fairfill_http_has_tls(void) {
    return MHD_is_feature_supported(MHD_FEATURE_TLS) == MHD_YES;
}

static inline int fairfill_http_port(struct MHD_Daemon *daemon) {
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
    return info == NULL ? 0 : info->port;
}

static inline int fairfill_http_socket(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info == NULL ? -1 : info->connect_fd;
}

// Whether the bytes went out through the connection's TLS session, which GnuTLS holds: the
// library brings it along and has no function of its own for this.
static inline int fairfill_http_send_tls(
    struct MHD_Connection *connection, const void *bytes, size_t count) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    ssize_t (*send)(void *, const void *, size_t) =
        (ssize_t (*)(void *, const void *, size_t))dlsym(RTLD_DEFAULT, "gnutls_record_send");
    if (info == NULL || info->tls_session == NULL || send == NULL) return 0;
    return send(info->tls_session, bytes, count) == (ssize_t)count;
}

// -1 is a (ssize_t) cast in the library's own words, which Swift does not import.
static inline ssize_t fairfill_http_broken(void) { return MHD_CONTENT_READER_END_WITH_ERROR; }
static inline ssize_t fairfill_http_end(void) { return MHD_CONTENT_READER_END_OF_STREAM; }

// The names of constants that Swift sees under others, or not at all.
static inline enum MHD_Result fairfill_http_yes(void) { return MHD_YES; }
static inline enum MHD_Result fairfill_http_no(void) { return MHD_NO; }
static inline enum MHD_ValueKind fairfill_http_headers(void) { return MHD_HEADER_KIND; }
static inline enum MHD_ValueKind fairfill_http_query(void) { return MHD_GET_ARGUMENT_KIND; }
static inline enum MHD_ResponseMemoryMode fairfill_http_copy(void) { return MHD_RESPMEM_MUST_COPY; }
static inline uint64_t fairfill_http_unknown_size(void) { return MHD_SIZE_UNKNOWN; }
