# Stops the server when nobody has used it for IDLE_SECONDS. Every user holds USERS_LOCK shared.
trap '' HUP INT TERM
command -v flock >/dev/null || exit 0
exec 3<"$USERS_LOCK" || exit 0
flock -x 3
if [ "$IDLE_SECONDS" != 0 ]; then
    while flock -u 3; sleep "$IDLE_SECONDS"; ! flock -n -x 3; do flock -x 3; done
fi
# from here to the end a newcomer waits for the lock, then finds no server and starts one
pid=$(head -n 1 "$DATA/postmaster.pid" 2>/dev/null)
# after a crash that number may be another process's by now
if [ "/proc/$pid/cwd" -ef "$DATA" ]; then
    "$PG_CTL" stop --silent --mode=fast --timeout=300 --pgdata="$DATA"
fi
if [ "$THROW_AWAY" = yes ]; then rm -rf "$DATA"; fi
# standard input carries janitor.lock: released first, so that the newcomer starts a new janitor
exec 0<&-
