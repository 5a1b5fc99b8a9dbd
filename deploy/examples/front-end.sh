#!/usr/bin/env bash
# Bids for shares of an offering and prints the receipt, then the decision, as JSON lines.
# A front end of Fairfill in shell, over kcat and jq; README.md beside it says what matters.
set -euo pipefail

usage() {
    cat <<'TEXT'
usage: front-end.sh --brokers HOST:PORT[,...] --offering O --account A --shares N
                    [--env dev] [--all-or-none] [--bid ID] [--timeout SECONDS]
                    [--properties FILE]    librdkafka's, a name=value a line: TLS, SASL, ...

exit codes: 0 reserved or waiting, 1 refused, 64 usage, 69 no answer from the brokers, or a no,
73 no room for a temporary file, 75 not decided in time, or unknown whether it is there: run it
again with the same --bid, which can never buy twice, 77 not permitted: the password, the
certificate or the user's rights.
TEXT
}

stop() {
    printf 'front-end.sh: %s\n' "$2" >&2
    exit "$1"
}

brokers='' env=dev offering='' account='' shares='' all_or_none=false bid='' timeout=30
file=()
while (($# > 0)); do
    case $1 in
        --help) usage && exit 0 ;;
        --all-or-none) all_or_none=true && shift && continue ;;
    esac
    (($# > 1)) || stop 64 "what of $1? (--help says more)"
    case $1 in
        --brokers) brokers=$2 ;;
        --env) env=$2 ;;
        --offering) offering=$2 ;;
        --account) account=$2 ;;
        --shares) shares=$2 ;;
        --bid) bid=$2 ;;
        --timeout) timeout=$2 ;;
        # A file, since secrets never stand in a command line.
        --properties) file=(-F "$2") ;;
        *) stop 64 "unknown option $1 (--help says more)" ;;
    esac
    shift 2
done
# Made once, and kept with the order through every resend.
bid=${bid:-b-$(tr -d - </proc/sys/kernel/random/uuid)}
[[ -n $brokers ]] || stop 64 "--brokers is missing (--help says more)"
for id in "$offering" "$account" "$bid"; do
    [[ $id =~ ^[A-Za-z0-9._:-]{1,64}$ ]] ||
        stop 64 "--offering, --account, --bid: 1 to 64 of A-Z a-z 0-9 . _ : - (--help says more)"
done
[[ $shares =~ ^[0-9]+$ && $timeout =~ ^[0-9]+$ ]] ||
    stop 64 "--shares and --timeout are whole numbers (--help says more)"

timeout=$((10#$timeout))

# Every kcat goes to these brokers, in the way that the file says; what it has to say is kept.
trouble=$(mktemp) || stop 73 "no room for a temporary file"
trap 'rm -f "$trouble"' EXIT
ask() { kcat "${file[@]}" -b "$brokers" "$@" 2>"$trouble"; }
# What it said, but for the name of the file and for guesses at what might be wrong.
said() { sed -e '/^% Reading configuration from file/d' -e 's/might .*//' "$trouble"; }
not_permitted='[Aa]uthenticat|[Aa]uthoriz|SASL .*failed|certificate|SSL alert number'
not_permitted+='|SSL handshake failed: error:'
# Ends with what the brokers, or the lack of them, had against it.
stop_for() {
    code=69
    [[ ! $2 =~ $not_permitted ]] || code=77
    stop "$code" "$1. $2"
}
SECONDS=0

# Where each partition of decisions ends before the bid is sent: its decision can't stand earlier.
topic=$(ask -L -J -m "$timeout" -t "$env.decisions" | jq -e '.topics[0]') ||
    stop_for "no answer from $brokers" "$(said)"
partitions=$(jq '.partitions | length' <<<"$topic")
((partitions > 0)) ||
    stop_for "no topic $env.decisions: is --env right?" "$(jq -r '.error // ""' <<<"$topic")"
queries=()
for ((number = 0; number < partitions; number++)); do
    queries+=(-t "$env.decisions:$number:-1")
done
ends=$(ask -Q "${queries[@]}") || stop_for "no answer from $brokers" "$(said)"

value="{\"type\":\"bid\",\"bid\":\"$bid\",\"offering\":\"$offering\",\"account\":\"$account\","
value+="\"shares\":$shares,\"allOrNone\":$all_or_none}"
# The key is the offering, hashed as Java clients do it; librdkafka's default is another hash,
# and such bids are refused as misrouted. -vv reports partition and offset.
receipt='delivered to partition ([0-9]+) \(offset ([0-9]+)\)'
refusal='failed for message: Broker: |FATAL CLIENT ERROR'
unanswered=false
until printf '%s' "$value" | ask -P -vv -t "$env.bids" -k "$offering" -H "env=$env" \
    -X partitioner=murmur2_random -X acks=all -X enable.idempotence=true \
    -X message.timeout.ms=5000 && [[ $(said) =~ $receipt ]]; do
    # No acknowledgement: the bid may be in the log or not. The same bid under the same id may be
    # sent as often as it takes; under a new id it would be another bid.
    if [[ $(said) =~ $refusal ]]; then
        $unanswered || stop_for "bid $bid is not taken" "$(said)"
    else
        unanswered=true
    fi
    ((SECONDS < timeout)) ||
        stop 75 "unknown whether it is there: run it again with --bid $bid. $(said)"
    sleep 0.2
done
partition=${BASH_REMATCH[1]} offset=${BASH_REMATCH[2]}
printf '{"id":"%s","topic":"%s","partition":%d,"offset":%d}\n' \
    "$bid" "$env.bids" "$partition" "$offset"

start=$(sed -n "s/^.* \[$partition\] offset //p" <<<"$ends")
exec {decisions}< <(exec kcat "${file[@]}" -b "$brokers" -C -u -q -E \
    -X isolation.level=read_committed -t "$env.decisions" -p "$partition" -o "$start" \
    2>"$trouble")
trap 'rm -f "$trouble"; kill $! 2>/dev/null || true' EXIT
# The first decision about the record of the receipt.
left=$((timeout > SECONDS ? timeout - SECONDS : 1))
decision=$(timeout "$left" jq -cn --argjson offset "$offset" \
    'first(inputs | select(.topic == "bids" and .offset == $offset and .n == 0))' \
    <&"$decisions") || true
[[ -n $decision || ! $(said) =~ $not_permitted ]] ||
    stop_for "bid $bid is there, but its decision can't be read" "$(said)"
said >&2
[[ -n $decision ]] || stop 75 "not decided yet: run it again with --bid $bid"
printf '%s\n' "$decision"
# A repeat says what the first decision `was`, and how the bid stands `now`.
verdict=$(jq -r 'if .type == "repeated" then .was else .type end' <<<"$decision")
[[ $verdict != rejected ]]
