#!/usr/bin/env bash
# Wakes your computer. Wants a token with tenant:read and tenant:control; curl and grep are enough.
set -euo pipefail

call() {
  curl --silent --show-error --fail-with-body -X "$1" -H "Authorization: Bearer $MATRIXOS_TOKEN" "$MATRIXOS_API$2"
}

echo "$(call GET /stats)"
id=$(call GET /computer | grep -o 'ins_[0-9a-z]*' | head -1)
call POST "/computers/$id/wake" | grep -o '"desired":"[a-z]*"'
