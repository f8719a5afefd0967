#!/usr/bin/env bash
# Instructions and cache lines a packet of the data channel, and instructions to set up a connection and a call, by
# callgrind and cachegrind: counts of the library's functions with all they call, not of the loop around them. Needs valgrind.
# Usage: count.sh BUILD-DIRECTORY (of --buildtype=release)
set -euo pipefail
build=${1:?usage: count.sh BUILD-DIRECTORY}/tests/bench
packets=100000
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What valgrind counted in FUNCTIONS (a regular expression), divided by the packets.
# instructions FUNCTIONS PROGRAM ARGUMENTS...
instructions() {
    local functions=$1
    shift
    valgrind -q --tool=callgrind --callgrind-out-file="$work/callgrind" "$build/$1" "${@:2}" "$packets" >/dev/null
    callgrind_annotate --inclusive=yes --auto=no --threshold=100 --show-percs=no "$work/callgrind" |
        awk -v functions="[:](${functions})( |$)" -v packets="$packets" '
            # A function has a line for each file that it was inlined from; the largest is all of it.
            $0 ~ functions && $1 ~ /^[0-9,]+$/ {
                name = $2; sub(".*:", "", name); gsub(",", "", $1)
                if ($1 + 0 > most[name]) most[name] = $1 + 0 }
            END { for (name in most) sum += most[name]; printf "%.2f\n", sum / packets }'
}

# Cache lines that the library's own objects miss in a first level of 32 KB: those of mux and channel. That of the packet is
# missed by pptp_gre_peek, which reads nothing else. Without debug information, or inlined helpers would count apart.
# lines PROGRAM ARGUMENTS...
lines() {
    valgrind -q --tool=cachegrind --D1=32768,8,64 --cachegrind-out-file="$work/cachegrind" \
        "$build/$1" "${@:2}" "$packets" >/dev/null 2>&1
    cg_annotate --threshold=0 --show=D1mr,D1mw --show-percs=no "$work/cachegrind" |
        awk -v packets="$packets" '
            $3 ~ /:(pptp_mux_find|pptp_gre_recv)$/ {
                gsub(",", "", $1); gsub(",", "", $2); sum += $1 + $2; found++ }
            END { if (found != 2) exit 1; printf "%.2f\n", sum / packets }'
}

row() { # what, is, must, moonshot
    awk -v what="$1" -v is="$2" -v must="$3" -v moonshot="$4" 'BEGIN {
        printf "%-58s %8.2f   must %6.1f  moonshot %6.1f  %s\n", what, is, must, moonshot,
            is <= moonshot ? "moonshot" : is <= must ? "met" : "MISSED" }'
}

find='pptp_gre_peek|pptp_mux_find|pptp_gre_recv'
row 'send, instructions' "$(instructions pptp_gre_send bench_gre send)" 55 40
row 'send with acknowledgment, instructions' "$(instructions pptp_gre_send bench_gre send_ack)" 55 40
row 'receive, instructions' "$(instructions "$find" bench_gre recv)" 130 100
row 'receive with acknowledgment, instructions' "$(instructions "$find" bench_gre recv_ack)" 160 115
in_order=$(instructions "$find|pptp_gre_next" bench_gre recv_next)
row 'receive with a pool and pptp_gre_next, instructions' "$in_order" 130 100
for how in cookie copy; do
    loss=$(instructions "$find|pptp_gre_next" bench_gre loss_$how)
    row "receive at 1 % loss over in order, ${how}" "$(awk -v a="$loss" -v b="$in_order" 'BEGIN {print a / b}')" 4 2
done
touched=$(lines bench_mux 65535)
row '65,535 calls at random, cache lines' "$touched" 2 2

packets=2000 # rounds here
driven='pptp_conn_recv|pptp_conn_poll|pptp_conn_tx_buf|pptp_conn_tx_done'
row 'Start-Control-Connection-Request to -Reply, instructions' "$(instructions "$driven" bench_conn start)" 700 450
row 'Outgoing-Call-Request to -Reply, instructions' "$(instructions "$driven|pptp_call_accept" bench_conn call)" 700 450
