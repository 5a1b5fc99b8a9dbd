# What deploy/test and deploy/demo share: messages, Debian packages, the Swift toolchain.
# Sourced by bash, after `set -euo pipefail`, with the checkout as the working directory.

# Debian packages without which the system does not build: Kafka's client, the HTTP server, the
# embedded log (SQLite) and SHA-256 (libcrypto). pkg-config tells the Swift build where they are.
readonly packages=(librdkafka-dev libmicrohttpd-dev libsqlite3-dev libssl-dev pkg-config)

# Those that tests against Apache Kafka take beside them: openssl makes certificates, the others
# are clients that front ends are written with.
# shellcheck disable=SC2034 # deploy/test uses it
readonly test_packages=(openssl kcat jq python3-confluent-kafka)

bold='' plain=''
if [[ -t 1 && -t 2 && -z ${NO_COLOR:-} && ${TERM:-dumb} != dumb ]]; then
    bold=$'\e[1m' plain=$'\e[0m'
fi

# title TEXT: the heading of a step.
title() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }

# fact NAME TEXT: one line of what was found or is being done.
fact() { printf '  %-10s %s\n' "$1" "$2"; }

# stop TEXT: ends the script with a message on standard error.
stop() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# seconds_since START: with one decimal; START is an earlier $EPOCHREALTIME.
seconds_since() {
    # The decimal sign of EPOCHREALTIME follows the locale; its digits are microseconds.
    local now=${EPOCHREALTIME/[.,]/} start=${1/[.,]/}
    local tenths=$(((now - start + 50000) / 100000))
    printf '%d.%d' $((tenths / 10)) $((tenths % 10))
}

# install_packages [PACKAGE...]: installs those that are missing, and says so; without a name those
# without which nothing builds.
install_packages() {
    local wanted=("$@")
    (($# > 0)) || wanted=("${packages[@]}")
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        if (($# > 0)); then
            fact packages "please see to it that these are here: $*"
            return
        fi
        if command -v pkg-config >/dev/null && pkg-config --exists rdkafka libmicrohttpd sqlite3 libcrypto; then
            fact packages "rdkafka, libmicrohttpd, sqlite3 and libcrypto are there (pkg-config found them)"
            return
        fi
        stop "this is no Debian or Ubuntu: please install the development files of librdkafka," \
            "libmicrohttpd," \
            "SQLite 3 and OpenSSL and pkg-config yourself (Debian calls them ${packages[*]};" \
            "Fedora: librdkafka-devel libmicrohttpd-devel sqlite-devel openssl-devel pkgconf), then run this again"
    fi

    local package missing=()
    for package in "${wanted[@]}"; do
        # shellcheck disable=SC2016 # the dollar is dpkg-query's
        if [[ $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) != 'install ok installed' ]]
        then
            missing+=("$package")
        fi
    done
    if ((${#missing[@]} == 0)); then
        fact packages "there: ${wanted[*]}"
        return
    fi

    local as_root=()
    if ((EUID != 0)); then
        command -v sudo >/dev/null ||
            stop "as root, please: apt-get install ${missing[*]} (there is no sudo here)"
        as_root=(sudo)
    fi
    fact packages "installing ${missing[*]}"
    # The lists of packages may be older than the mirror: fetch them only if that shows.
    local install=(env DEBIAN_FRONTEND=noninteractive
        apt-get install --yes --no-install-recommends "${missing[@]}")
    if ! "${as_root[@]}" "${install[@]}" >/dev/null 2>&1; then
        "${as_root[@]}" apt-get update
        "${as_root[@]}" "${install[@]}"
    fi
}

# Says which Swift is there, or where to get it.
check_swift() {
    local where="https://www.swift.org/install/linux/"
    command -v swift >/dev/null ||
        stop "there is no swift here: install Swift 6.2 or newer ($where), then run this again"
    local version
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p')
    [[ -n $version ]] || stop "'swift --version' gave no version: is the toolchain whole? ($where)"
    if ((${version%%.*} < 6 || (${version%%.*} == 6 && ${version##*.} < 2))); then
        stop "this is Swift $version: install Swift 6.2 or newer ($where), then run this again"
    fi
    fact swift "$version"
}
