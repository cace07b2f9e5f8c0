# For every shell. Nothing but home can be written to and outlasts a sleep, so everything that is installed goes there.
case ":$PATH:" in
  *":$HOME/.local/bin:"*) ;;
  *) PATH="$HOME/.local/bin:$HOME/.npm-global/bin:$PATH" ;;
esac
export PATH
export LANG="${LANG:-C.UTF-8}"
export NPM_CONFIG_PREFIX="${NPM_CONFIG_PREFIX:-$HOME/.npm-global}"
# Node's headers, for modules that are compiled.
if [ -d /usr/local/include/node ]; then export npm_package_config_node_gyp_nodedir=/usr/local; fi

# /tmp is small, in memory, and nothing in it can be run: builds need more. What an earlier run left here is thrown away.
if [ -z "${TMPDIR-}" ] && [ -n "${HOME-}" ] && mkdir -p "$HOME/.cache" 2>/dev/null; then
  if mkdir /tmp/.first-shell 2>/dev/null && [ -d "$HOME/.cache/tmp" ]; then
    mv "$HOME/.cache/tmp" "$HOME/.cache/tmp.old.$$" 2>/dev/null && (rm -rf "$HOME/.cache"/tmp.old.* >/dev/null 2>&1 &)
  fi
  if mkdir -p "$HOME/.cache/tmp" 2>/dev/null; then export TMPDIR="$HOME/.cache/tmp"; fi
fi
