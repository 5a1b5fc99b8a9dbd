#pragma once
#include <microhttpd.h>
#include <stddef.h>

// Swift can't call functions with a variable number of arguments; these name the ones used.
static inline struct MHD_Daemon *fairfill_http_start(
    const struct sockaddr *address, MHD_AccessHandlerCallback handle,
    MHD_RequestCompletedCallback completed, void *context) {
    return MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION, 0, NULL, NULL, handle,
        context, MHD_OPTION_SOCK_ADDR, address, MHD_OPTION_NOTIFY_COMPLETED, completed, context,
        MHD_OPTION_END);
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

// -1 is a (ssize_t) cast in the library's own words, which Swift does not import.
static inline ssize_t fairfill_http_broken(void) { return MHD_CONTENT_READER_END_WITH_ERROR; }

// The names of constants that Swift sees under others, or not at all.
static inline enum MHD_Result fairfill_http_yes(void) { return MHD_YES; }
static inline enum MHD_Result fairfill_http_no(void) { return MHD_NO; }
static inline enum MHD_ValueKind fairfill_http_headers(void) { return MHD_HEADER_KIND; }
static inline enum MHD_ValueKind fairfill_http_query(void) { return MHD_GET_ARGUMENT_KIND; }
static inline enum MHD_ResponseMemoryMode fairfill_http_copy(void) { return MHD_RESPMEM_MUST_COPY; }
