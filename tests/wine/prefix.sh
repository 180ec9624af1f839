# Sourced: a Wine prefix under artifacts/ and its server, as the Windows tests need them.
#   wine_begin   makes the prefix where it is missing and starts the server; wine_end ends just that server.
# Afterwards "$WINE" runs a 64-bit Windows program. Named objects are the prefix's own: two prefixes see nothing of each other.

export WINEPREFIX=${WINEPREFIX:-$PWD/artifacts/wine/prefix}
export WINEDEBUG=${WINEDEBUG:--all}
WINE=${WINE:-/usr/lib/wine/wine64}
WINESERVER=${WINESERVER:-/usr/lib/wine/wineserver64}
wine_server_pid=

# What the .NET runtime needs under Wine 8, and nowhere else; what was seen without it: docs/design/windows.md. (One thing more is switched in
# tests/Directory.Build.props.)
export DOTNET_EnableWriteXorExecute=0
# Compiling in the background uses the processor in a process that waits, which a test counts.
export DOTNET_TieredCompilation=0
# As few collections of garbage as can be, none of them in the background: a thread that runs without calling the system is now and then never stopped for one.
export DOTNET_GCgen0size=0x20000000 DOTNET_gcConcurrent=0

wine_begin() {
    if [ ! -x "$WINE" ] || [ ! -x "$WINESERVER" ]; then
        echo "Wine is missing: install the packages wine and wine64." >&2
        return 1
    fi
    if [ ! -e "$WINEPREFIX/ready" ]; then
        mkdir -p "$(dirname "$WINEPREFIX")"
        "$WINE" wineboot -i >/dev/null 2>&1 || { echo "Wine could not make $WINEPREFIX." >&2; return 1; }
        "$WINESERVER" -w
    fi
    # In the foreground, so that its pid is known, and for as long as the tests take: without it, programs that start one after the
    # other would each start and end one of their own.
    "$WINESERVER" -f -p >/dev/null 2>&1 &
    wine_server_pid=$!
    if [ ! -e "$WINEPREFIX/ready" ]; then
        local crash='HKLM\Software\Microsoft\Windows NT\CurrentVersion\AeDebug'
        "$WINE" reg add 'HKCU\Software\Wine\Drivers' /v Graphics /d null /f >/dev/null 2>&1   # no display
        "$WINE" reg add "$crash" /v Auto /d 0 /f >/dev/null 2>&1                              # a crash is an exit code
        "$WINE" reg add "$crash" /v Debugger /d "" /f >/dev/null 2>&1
        touch "$WINEPREFIX/ready"
    fi
    # Wine's services start with the first program, and would keep the pipe open that a caller reads its output from.
    "$WINE" cmd /c exit >/dev/null 2>&1 </dev/null
}

wine_end() {
    [ -n "$wine_server_pid" ] || return 0
    # Interrupted, it ends all programs of its prefix before itself; other signals leave them behind.
    kill -INT "$wine_server_pid" 2>/dev/null
    wait "$wine_server_pid" 2>/dev/null
    wine_server_pid=
}
