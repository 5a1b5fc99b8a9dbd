# What deploy/test and deploy/demo share: messages, Debian packages, the Swift toolchain.
# Sourced by bash, after `set -euo pipefail`, with the checkout as the working directory.

# Debian packages without which the system does not build: Kafka's client, the HTTP server, the
# embedded log (SQLite) and SHA-256 (libcrypto). pkg-config tells the Swift build where they are.
readonly packages=(librdkafka-dev libmicrohttpd-dev libsqlite3-dev libssl-dev
    libcurl4-openssl-dev pkg-config)

# Those that tests take beside them. Against Apache Kafka: openssl makes certificates, the next are
# clients that front ends are written with. mandoc and man-db read the manual page, zsh and fish
# what completes the command's words.
# shellcheck disable=SC2034 # deploy/test uses it
readonly test_packages=(openssl kcat jq python3-confluent-kafka mandoc man-db zsh fish)

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
        if command -v pkg-config >/dev/null && pkg-config --exists rdkafka libmicrohttpd sqlite3 libcrypto libcurl; then
            fact packages "rdkafka, libmicrohttpd, sqlite3, libcrypto and libcurl are there (pkg-config found them)"
            return
        fi
        stop "this is no Debian or Ubuntu: please install the development files of librdkafka," \
            "libmicrohttpd," \
            "SQLite 3, OpenSSL and libcurl, and pkg-config yourself (Debian calls them ${packages[*]};" \
            "Fedora: librdkafka-devel libmicrohttpd-devel sqlite-devel openssl-devel libcurl-devel pkgconf), then run this again"
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

# Says which Swift is there, or where to get it, or what it lacks.
check_swift() {
    local where="https://www.swift.org/install/linux/"
    command -v swift >/dev/null ||
        stop "there is no swift here: install Swift 6.2 or newer ($where), then run this again"
    local said version
    said=$(swift --version 2>&1) || true
    version=$(sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' <<<"$said" | head -n 1)
    if [[ -z $version ]]; then
        stop_for_packages "$said"
        stop "'swift --version' gave no version, but: ${said:-nothing}. Is the toolchain whole? ($where)"
    fi
    if ((${version%%.*} < 6 || (${version%%.*} == 6 && ${version##*.} < 2))); then
        stop "this is Swift $version: install Swift 6.2 or newer ($where), then run this again"
    fi
    check_toolchain
    fact swift "$version"
}

# Builds the smallest program, for a toolchain that can tell its version may still lack the
# libraries of its package manager, a linker, or what the linker puts into each program.
check_toolchain() {
    local said folder
    said=$(swift build --version 2>&1) || {
        stop_for_packages "$said"
        stop "'swift build' does not start: $said"
    }
    folder=$(mktemp -d "${TMPDIR:-/tmp}/fairfill-swift.XXXXXX")
    printf 'import Foundation\nprint(Date(timeIntervalSince1970: 0))\n' >"$folder/main.swift"
    if ! said=$(swiftc -o "$folder/main" "$folder/main.swift" 2>&1 && "$folder/main" 2>&1); then
        rm -rf "$folder"
        stop_for_packages "$said"
        stop "swiftc can't build the smallest program. It says:"$'\n'"$said"
    fi
    rm -rf "$folder"
}

# stop_for_packages TEXT: ends the script with the reason and the packages, where what Swift said
# tells which are missing.
stop_for_packages() {
    local lacking
    lacking=$(packages_for "$1" | sort -u)
    [[ -n $lacking ]] || return 0
    local reason
    reason=$(grep -m 1 -E 'shared libraries|file not found|cannot (open|find)|posix_spawn|linker name|unable to find library' <<<"$1") ||
        reason=$1
    local how="apt-get install ${lacking//$'\n'/ }"
    ((EUID == 0)) || how="sudo $how"
    command -v apt-get >/dev/null ||
        how="install what Debian calls ${lacking//$'\n'/ } (Fedora: binutils gcc gcc-c++ glibc-devel libcurl libxml2 ncurses sqlite)"
    stop "Swift is there, and what it needs is not: ${reason#"${reason%%[![:space:]]*}"}"$'\n'"$how, then run this again"
}

# packages_for TEXT: the Debian packages, one a line, without which Swift said so.
packages_for() {
    local said=$1 library gcc
    while read -r library; do
        library_package "$library"
    done < <(
        sed -n 's/.*shared libraries: \([^:]*\): .*/\1/p' <<<"$said"
        missing_libraries "$said"
    ) | sort -u
    gcc=$(gcc_number)
    # The first line is clang's where there is no linker at all, the second where there is not the
    # one that Swift asks for.
    case $said in
        *'posix_spawn failed: No such file'* | *'Executable "ld'*"doesn't exist"*) echo binutils ;;
        *'invalid linker name'*'gold'*)
            echo binutils
            # Newer releases have it in a package of its own.
            if apt-cache show binutils-gold >/dev/null 2>&1; then echo binutils-gold; fi
            ;;
    esac
    case $said in
        *crtbegin*.o* | *crtend*.o* | *-lgcc* | *'library -lgcc'*) echo "libgcc-$gcc-dev" ;;
    esac
    case $said in
        *-lstdc++* | *"'memory' file not found"*) echo "libstdc++-$gcc-dev" ;;
    esac
    case $said in
        *crt1.o* | *crti.o* | *'find -lc'[![:alnum:]]* | *'find -lm'[![:alnum:]]* | \
            *".h' file not found"*) echo libc6-dev ;;
    esac
}

# missing_libraries TEXT: of the program that could not start, all libraries that are not there;
# the loader names the first one only.
missing_libraries() {
    local program
    program=$(sed -n 's/^\(.*"\)\{0,1\}\([^ :"]*\): error while loading shared libraries.*/\2/p' <<<"$1" |
        head -n 1)
    program=$(command -v "${program:-swift}") && command -v ldd >/dev/null || return 0
    ldd "$program" 2>/dev/null | sed -n 's/^[[:space:]]*\([^ ]*\) => not found.*/\1/p'
}

# library_package NAME: the Debian package that holds it. Those with a number in their names are
# named by what depends on the right one.
library_package() {
    case $1 in
        libcurl.so.*) echo libcurl4-openssl-dev ;;
        libxml2.so.*) echo libxml2-dev ;;
        libedit.so.*) echo libedit2 ;;
        libncurses.so.* | libtinfo.so.* | libpanel.so.* | libform.so.*) echo libncurses-dev ;;
        libsqlite3.so.*) echo libsqlite3-0 ;;
        libpython3*.so.*) echo libpython3-dev ;;
        libz3.so.*) echo libz3-dev ;;
        libz.so.*) echo zlib1g ;;
        libuuid.so.*) echo libuuid1 ;;
        libstdc++.so.*) echo libstdc++6 ;;
        libgcc_s.so.*) echo libgcc-s1 ;;
        libatomic.so.*) echo libatomic1 ;;
        *) echo "(the package of $1)" ;;
    esac
}

# The number of this release's GCC, which its libraries carry in their names.
gcc_number() {
    local number
    number=$(apt-cache depends gcc 2>/dev/null |
        sed -n 's/.*Depends: gcc-\([0-9][0-9]*\)$/\1/p' | head -n 1) || true
    echo "${number:-12}"
}

# build ARGUMENT...: a release build of what the arguments name. Modules are optimised together: the
# rules, the codec and the lanes are modules of their own for the reader's sake only. The flag
# stands here and not in the manifest, which would bar other packages from depending on it.
# FAIRFILL_WARNINGS=errors, which continuous integration sets, ends the build at a warning.
build() {
    local started=$EPOCHREALTIME flags=(-Xswiftc -cross-module-optimization)
    [[ ${FAIRFILL_WARNINGS:-} != errors ]] || flags+=(-Xswiftc -warnings-as-errors)
    title "Building (release)"
    swift build -c release "${flags[@]}" "$@"
    fact built "in $(seconds_since "$started") s"
}
