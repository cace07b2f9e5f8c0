#!/bin/sh
# Does what the public Matrix OS image does before its server runs: root looks into the home, fills an empty one from
# the template, gives it to uid 1001, and becomes that user.
set -e
as_user() { setpriv --reuid 1001 --regid 1001 --clear-groups "$@"; }

chown -R 1001:1001 "$MATRIX_HOME" 2>/dev/null || true
if [ -d "$MATRIX_HOME" ] && [ ! -d "$MATRIX_HOME/system" ]; then
  echo "First boot: initializing home directory from template..."
  as_user cp -r /app/template/. "$MATRIX_HOME/"
fi
mkdir -p "$MATRIX_HOME/system/sessions"
chown 1001:1001 "$MATRIX_HOME/system/sessions"
for name in hosts resolv.conf; do
  (echo "# written by root" >>"/etc/$name") 2>/dev/null && echo "$name is writable"
done
exec setpriv --reuid 1001 --regid 1001 --clear-groups node /app/main.ts --interrupt-only "$@"
