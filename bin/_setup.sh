#!/bin/sh
# Makes .venv beside the checkout and installs what is pinned, with hashes; does nothing when that has been done.
# `bin/_setup.sh` for running, `bin/_setup.sh dev` for tests and checks as well. Standard output stays empty.
set -eu
here=$(dirname -- "$(dirname -- "$(readlink -f -- "$0")")")
venv=$here/.venv
case ${1:-run} in
    run) wanted=requirements.txt ;;
    dev) wanted=requirements-dev.txt ;;
    *) echo "usage: bin/_setup.sh [dev]" >&2; exit 2 ;;
esac

stop() { echo "$1" >&2; exit 1; }
# What an installation is of: the pins, the place (scripts name it), the Python that made it.
stamp_of() { { echo "$here"; cat "$here/requirements-uv.txt" "$here/$1"; } | sha256sum | cut -d ' ' -f 1; }
is_done() { [ -x "$venv/bin/python" ] && [ "$(cat "$venv/.installed-$1" 2>/dev/null)" = "$(stamp_of "$1")" ]; }

# What tests need contains what running needs.
if is_done "$wanted" || { [ "$wanted" = requirements.txt ] && is_done requirements-dev.txt; }; then exit 0; fi

mkdir -p -- "$venv" 2>/dev/null && [ -w "$venv" ] || stop "Folkmoot's own Python goes into $venv, which cannot be written."
if command -v flock >/dev/null 2>&1; then
    # Not .venv/.lock: uv locks that one itself.
    exec 9>"$venv/.setup-lock"
    flock 9
    # Somebody else may have done it while we waited.
    if is_done "$wanted"; then exit 0; fi
fi

works() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
can_make() { "$1" -c 'import ensurepip, venv' >/dev/null 2>&1; }

find_python() {
    found=""
    for name in ${FOLKMOOT_PYTHON:-python3.11 python3.12 python3.13 python3.14 python3 /usr/bin/python3}; do
        works "$name" || continue
        found=${found:-$name}
        if can_make "$name"; then found=$name; return; fi
    done
    [ -n "$found" ] || stop "Folkmoot needs Python 3.11 or newer; on Debian or Ubuntu: apt-get install python3 python3-venv"
    install_venv "$found"
}

# Debian keeps what makes a virtual environment in a package of its own.
install_venv() {
    package=$("$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    as_root=""
    [ "$(id -u)" = 0 ] || as_root="sudo -n"
    if command -v apt-get >/dev/null 2>&1 && { [ -z "$as_root" ] || $as_root true 2>/dev/null; }; then
        echo "Installing $package …" >&2
        apt="$as_root env DEBIAN_FRONTEND=noninteractive apt-get"
        $apt install -y "$package" >/dev/null 2>&1 ||
            { $apt update >/dev/null 2>&1; $apt install -y "$package" >/dev/null 2>&1; } ||
            $apt install -y python3-venv >/dev/null 2>&1 || true
    fi
    can_make "$1" || stop "Python's venv module is missing; install it with: apt-get install $package"
}

export PYTHONUTF8=1 LC_ALL=C.UTF-8 PIP_DISABLE_PIP_VERSION_CHECK=1
unset PYTHONPATH PYTHONHOME PYTHONSAFEPATH PIP_REQUIRE_VIRTUALENV PIP_TARGET PIP_PREFIX PIP_USER VIRTUAL_ENV
echo "Setting up Folkmoot's Python in .venv (this is done once) …" >&2

python=$venv/bin/python
if ! works "$python" || ! "$python" -m pip --version >/dev/null 2>&1; then
    find_python
    find "$venv" -mindepth 1 -maxdepth 1 ! -name .setup-lock -exec rm -rf -- {} +
    "$found" -m venv "$venv" >&2 || stop "The virtual environment $venv could not be made; the lines above say why."
fi

# Killed in the middle of an installation, a package may look complete that is not: then everything is put in again.
again=""
[ ! -e "$venv/.installing" ] || again=yes
: >"$venv/.installing"

# uv is several times as fast as pip. It does not read pip's settings, so it is told of the two that matter.
with_uv() {
    "$python" -m pip install -qq --require-hashes -r "$here/requirements-uv.txt" >&2 || return 1
    index=${PIP_INDEX_URL:-$("$python" -m pip config get global.index-url 2>/dev/null || true)}
    [ -z "$index" ] || export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$index}"
    [ -z "${PIP_CERT:-}" ] || export SSL_CERT_FILE="${SSL_CERT_FILE:-$PIP_CERT}"
    mkdir -p "${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/uv" 2>/dev/null || export UV_NO_CACHE=1
    "$python" -m uv pip install --quiet --no-config --python "$python" --require-hashes --compile-bytecode \
        ${again:+--reinstall} -r "$here/$wanted" >&2
}
with_pip() {
    echo "uv could not do it; trying with pip, which takes longer …" >&2
    "$python" -m pip install -qq --require-hashes ${again:+--force-reinstall} -r "$here/$wanted" >&2
}
with_uv || with_pip || stop "Folkmoot's libraries could not be installed; the lines above say why. Run the same command again to go on."

rm -f -- "$venv/.installing"
stamp_of "$wanted" >"$venv/.installed-$wanted.new"
mv -f -- "$venv/.installed-$wanted.new" "$venv/.installed-$wanted"
