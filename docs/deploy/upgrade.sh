#!/bin/sh
# Upgrades AtoCore in its virtual environment: backs the vault up, stops the daemon, installs, looks whether the new
# version works, starts the daemon again; and goes back to the former version where anything of that fails.
#
#   upgrade.sh [--vault DIR] [--venv DIR] WHAT...
#
# WHAT is what pip is to install: 'atocore[embed]==0.2.0', a wheel, the folder of a checkout; more words go to pip.
#
# What is installed may bring another version of this file. A shell reads a script while it runs it, and would go on in
# the midst of the new one: so this copies itself aside and goes on as the copy, and all of it is a function, which a
# shell has read to its end before it begins.
set -u

main() {
    if [ -z "${ATOCORE_UPGRADE_COPY:-}" ]; then
        run_as_copy "$@"
    fi
    copy=$ATOCORE_UPGRADE_COPY
    unset ATOCORE_UPGRADE_COPY
    [ "$0" = "$copy/upgrade.sh" ] || fail "ATOCORE_UPGRADE_COPY is set, and is this script's own"
    phase=before lock='' unit=''
    trap leave EXIT
    trap 'fail "stopped"' HUP INT TERM
    read_options "$@"
    shift "$options"
    [ $# -gt 0 ] || usage

    take_lock
    finish_former
    was=$(ours --version) || fail "$venv/bin/atocore does not run; nothing was changed"
    healthy=$(outcome health)
    checked=$(outcome check)

    say "backing up"
    ours backup create || fail "no backup could be made, and nothing was changed"
    keep_former
    phase=kept
    stop_daemon
    phase=changed
    say "installing $*"
    "$venv/bin/python" -m pip --disable-pip-version-check install --upgrade "$@" || fail "pip failed"
    is=$(ours --version) || fail "the new version does not run"
    now=$(outcome check)
    [ "$now" = 0 ] || [ "$now" = "$checked" ] || fail "atocore check finds what it did not find before"
    start_daemon || fail "the daemon does not start"
    is_healthy || fail "atocore health is worse than before"
    phase=good
    say "$was -> $is"
    [ "$now" = 0 ] || say "atocore check has exit code $now, as before"
    [ "$health" = 0 ] || say "atocore health has exit code $health, as before"
}

run_as_copy() {
    [ -r "$0" ] || fail "this has to be run as a file: sh upgrade.sh"
    ATOCORE_UPGRADE_COPY=$(mktemp -d) || fail "no temporary folder"
    export ATOCORE_UPGRADE_COPY
    cp "$0" "$ATOCORE_UPGRADE_COPY/upgrade.sh" || fail "cannot copy $0"
    exec sh "$ATOCORE_UPGRADE_COPY/upgrade.sh" "$@"
}

read_options() {
    vault=${ATOCORE_VAULT:-.} venv='' options=0
    while [ $# -gt 0 ]; do
        case $1 in
            --vault | --venv)
                [ $# -gt 1 ] || usage
                if [ "$1" = --vault ]; then vault=$2; else venv=$2; fi
                shift 2
                options=$((options + 2))
                ;;
            --help | -h) usage ;;
            *) break ;;
        esac
    done
    if [ -z "$venv" ]; then
        found=$(command -v atocore) || fail "no atocore on PATH: name its environment with --venv DIR"
        venv=$(dirname "$(dirname "$found")")
    fi
    [ -d "$vault" ] || fail "no folder $vault"
    if [ -z "${XDG_RUNTIME_DIR:-}" ] && [ -d "/run/user/$(id -u)" ]; then
        XDG_RUNTIME_DIR=/run/user/$(id -u) # cron and su do not tell where the user's systemd is
        export XDG_RUNTIME_DIR
    fi
    [ -e "$venv/bin/python" ] || [ -d "$venv.former" ] || fail "no virtual environment: $venv"
    [ ! -L "$venv" ] || fail "$venv is a link: name the environment itself with --venv DIR"
    venv=$(cd "$(dirname "$venv")" && pwd)/$(basename "$venv")
}

usage() {
    sed -n '5,7s/^#  *//p' "$0" >&2
    exit 2
}

# --- one at a time, and whole ----------------------------------------------------------------------------------------

take_lock() {
    if ! mkdir "$venv.upgrading" 2>/dev/null; then
        holder=$(cat "$venv.upgrading/pid" 2>/dev/null)
        if [ -z "$holder" ] || kill -0 "$holder" 2>/dev/null; then
            fail "another upgrade runs${holder:+: process $holder}; if not: rm -r $venv.upgrading"
        fi
        say "an upgrade was cut short: process $holder"
        rm -r "$venv.upgrading"
        mkdir "$venv.upgrading" || fail "cannot take $venv.upgrading"
    fi
    lock=$venv.upgrading
    echo $$ >"$lock/pid"
}

# What an upgrade that was cut short left behind: the former version is whole as soon as it has its name.
finish_former() {
    rm -rf "$venv.copying" "$venv.failed"
    if [ -d "$venv.former" ]; then
        say "going back to the version before it"
        take_former || fail "cannot put $venv.former in the place of $venv"
    fi
}

keep_former() {
    # hard links where they can be had: pip replaces files, and changes none
    if ! cp -al "$venv" "$venv.copying" 2>/dev/null; then
        rm -rf "$venv.copying"
        cp -Rp "$venv" "$venv.copying" || fail "no room to keep the present version; nothing was changed"
    fi
    mv "$venv.copying" "$venv.former" || fail "cannot write beside $venv; nothing was changed"
}

take_former() {
    if [ -e "$venv" ]; then
        mv "$venv" "$venv.failed" || return 1
    fi
    mv "$venv.former" "$venv"
}

# Whatever ends it ends here: with the new version, or with the former one as it was.
# shellcheck disable=SC2317  # a trap calls it
leave() {
    code=$?
    trap - EXIT
    trap '' HUP INT TERM
    if [ "$phase" = changed ]; then
        say "going back to $was"
        [ -z "$unit" ] || systemctl --user stop "$unit"
        if take_former; then
            phase=kept
            say "what the new version may have written is undone by a restore, if need be: atocore backup list"
        else
            say "cannot put $venv.former in the place of $venv: do so by hand"
        fi
    fi
    if [ "$phase" = kept ]; then
        start_daemon || say "the daemon does not start: atocore service status"
    fi
    if [ -n "$lock" ]; then
        [ "$phase" = changed ] || rm -rf "$venv.former" "$venv.copying" "$venv.failed"
        rm -rf "$lock"
    fi
    rm -rf "$copy"
    exit "$code"
}

# --- the daemon ------------------------------------------------------------------------------------------------------

ours() {
    "$venv/bin/atocore" --vault "$vault" "$@"
}

# The exit code of a command whose words nobody needs.
outcome() {
    ours "$@" >/dev/null 2>&1
    echo $?
}

stop_daemon() {
    unit=$(ours service status --json 2>/dev/null | sed -n 's/^  "unit": "\(.*\)",$/\1/p')
    if [ -n "$unit" ] && systemctl --user is-active --quiet "$unit" 2>/dev/null; then
        systemctl --user stop "$unit" || fail "systemd cannot stop $unit"
        return
    fi
    unit=''
    if [ "$(outcome daemon --status)" = 0 ]; then
        ours daemon --stop || fail "the daemon does not end"
        say "a daemon that no service keeps was stopped: start it again yourself"
    fi
}

start_daemon() {
    [ -z "$unit" ] || systemctl --user start "$unit"
}

# Whether health is as good as before, or becomes so within half a minute.
is_healthy() {
    tries=0
    while [ $tries -lt 30 ]; do
        health=$(outcome health)
        if [ "$health" = 0 ] || [ "$health" = "$healthy" ]; then
            return 0
        fi
        tries=$((tries + 1))
        sleep "${ATOCORE_UPGRADE_PAUSE:-1}"
    done
    return 1
}

say() {
    echo "upgrade: $*" >&2
}

fail() {
    say "$*"
    exit 1
}

main "$@"; exit $?
