#!/bin/bash
# Whether the front in this container answers typed questions. Only bash: starting Python
# every few seconds would cost more than the answers. A port that accepts but never
# answers counts as not ready.
exec 3<>"/dev/tcp/127.0.0.1/${PORT:-8080}" || exit 1
printf 'GET /health/ready HTTP/1.0\r\n\r\n' >&3
read -r -t 3 status <&3
[[ $status == HTTP/1.?\ 200\ * ]]
